package com.personalaichatbot.dr.core.internal.scan;

import java.util.List;

/**
 * The content of a directory.
 *
 * @param entries strictly ascending by the unsigned bytes of their names
 * @param complete whether this is all of it; if not, what is missing has been listed as failed
 * @param excludedJournals names of excluded entries that end as journals of databases do
 */
public record Listing(List<ScannedEntry> entries, boolean complete, List<byte[]> excludedJournals) {

  /** Copies the lists. */
  public Listing {
    entries = List.copyOf(entries);
    excludedJournals = List.copyOf(excludedJournals);
  }
}
