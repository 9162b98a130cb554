package com.personalaichatbot.dr.core.internal.opening;

import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of zeros that takes up room while there is some, and gives it to a prune when nothing is
 * left: deleting needs no room, but the PRUNE entry that must come before it does. Nothing else
 * depends on it; a repository without it is whole.
 */
public final class Reserve {
  public static final String NAME = "reserve";

  /**
   * Room for a PRUNE entry that lists 1,000 snapshots, each of them removed from the list, and
   * condemns 2,500 full packs, 40 GB.
   */
  static final int BYTES = 256 << 10;

  private static final Logger log = LoggerFactory.getLogger(Reserve.class);

  private Reserve() {}

  /** Gives the room back to the disk, if it was set aside. */
  public static void release(Storage storage) throws IOException {
    try {
      storage.delete(NAME);
      storage.sync("");
    } catch (NoSuchFileException e) {
      log.debug("Nothing was held in reserve");
    }
  }

  /** Sets the room aside, if there is any; that it fails is no failure of what was done before. */
  public static void make(Storage storage) {
    try (StorageWriter out = storage.create()) {
      out.write(new byte[BYTES], 0, BYTES);
      out.commit(NAME);
      storage.sync("");
    } catch (FileAlreadyExistsException e) {
      log.debug("The reserve is there already");
    } catch (IOException e) {
      log.debug("No room could be held in reserve: {}", e.getMessage());
    }
  }

  /** What is wrong with the file, if anything is. */
  public static Optional<String> problem(Storage storage) throws IOException {
    byte[] bytes = RepositoryOpener.read(storage, NAME, BYTES + 1);
    if (bytes.length != BYTES) {
      return Optional.of("has another length than " + BYTES + " bytes");
    }
    for (byte b : bytes) {
      if (b != 0) {
        return Optional.of("holds something else than zeros");
      }
    }
    return Optional.empty();
  }
}
