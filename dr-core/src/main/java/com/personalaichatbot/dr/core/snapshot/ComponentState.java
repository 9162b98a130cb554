package com.personalaichatbot.dr.core.snapshot;

import com.personalaichatbot.dr.core.component.Criticality;
import com.personalaichatbot.dr.core.component.Kind;
import java.util.Objects;

/**
 * A component as one snapshot holds it.
 *
 * @param name its name
 * @param kind what kind of data it is
 * @param criticality how soon it has to be back
 * @param path where it was read from, for people; bytes that are no text appear as {@code \xNN}
 * @param status COMPLETE, INCOMPLETE, or SHRUNK until it is accepted; a SHRUNK one may also lack
 *     what could not be read
 * @param files how many files and links it has
 * @param bytes how long its files are together
 */
public record ComponentState(
    String name,
    Kind kind,
    Criticality criticality,
    String path,
    BackupStatus status,
    long files,
    long bytes) {

  /** Refuses nulls. */
  public ComponentState {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(criticality, "criticality");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(status, "status");
  }
}
