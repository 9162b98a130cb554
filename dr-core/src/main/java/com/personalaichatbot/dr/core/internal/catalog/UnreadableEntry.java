package com.personalaichatbot.dr.core.internal.catalog;

import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import java.io.IOException;
import java.util.Objects;

/**
 * A file of the catalog that the storage lists and fails to read, where the next entry belongs or
 * above it. It may be an entry; that it could not be read never means that it is not there. So
 * nothing is added until somebody can read it.
 *
 * @param file its name
 * @param reason why it cannot be read, may be null
 */
record UnreadableEntry(String file, String reason) {
  private static final String PREFIX = "it cannot be read: ";

  /**
   * The failure of who depends on it.
   *
   * @param consequence what is not known, or not done, because of it
   */
  CorruptRepositoryException corrupt(String consequence) {
    String why = Objects.requireNonNullElse(reason, "the storage does not say why");
    String cause = why.startsWith(PREFIX) ? why.substring(PREFIX.length()) : why;
    return new CorruptRepositoryException(
        file,
        PREFIX + cause + "; " + consequence,
        "make it readable: look at the disk and at the rights of the file, or put it back from a"
            + " copy (dr heal COPY). Take it away only if no operation of this library wrote it;"
            + " then run the operation again, if dr snapshots shows that it did not take effect",
        new IOException(cause));
  }
}
