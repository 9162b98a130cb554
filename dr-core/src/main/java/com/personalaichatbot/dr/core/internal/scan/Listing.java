package com.personalaichatbot.dr.core.internal.scan;

import java.util.List;

/**
 * What a directory holds.
 *
 * @param entries strictly ascending by the unsigned bytes of their names
 * @param complete whether this is all of it; if not, what is missing has been listed as failed
 */
public record Listing(List<ScannedEntry> entries, boolean complete) {

  /** Takes the list as it is; it is not changed afterwards. */
  public Listing {
    entries = List.copyOf(entries);
  }
}
