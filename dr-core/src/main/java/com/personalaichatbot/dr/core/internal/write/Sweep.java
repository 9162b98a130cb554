package com.personalaichatbot.dr.core.internal.write;

import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what interrupted writers left behind. */
public final class Sweep {
  private static final Logger log = LoggerFactory.getLogger(Sweep.class);
  private static final String TEMPORARIES = "tmp";

  private Sweep() {}

  /**
   * Removes all temporaries if nobody else uses the repository just now; a temporary is a writer's
   * own until it is committed, so nobody may be writing.
   */
  public static void tryTemporaries(Storage storage) throws IOException {
    if (!storage.isWritable() || storage.list(TEMPORARIES).isEmpty()) {
      return;
    }
    Optional<StorageLock> alone = tryAlone(storage);
    if (alone.isEmpty()) {
      return;
    }
    StorageLock lock = alone.get();
    try {
      for (StoredFile file : storage.list(TEMPORARIES)) {
        try {
          storage.delete(file.name());
        } catch (NoSuchFileException | IllegalArgumentException e) {
          // It went away, or its name is not one that a storage gives.
          continue;
        }
      }
    } finally {
      lock.close();
    }
  }

  /** Where nothing can be locked, nobody can tell that he is alone, and nothing is swept. */
  private static Optional<StorageLock> tryAlone(Storage storage) {
    try {
      return storage.tryLock(true);
    } catch (IOException e) {
      log.debug("Temporaries of {} stay, for it cannot be locked", storage.location(), e);
      return Optional.empty();
    }
  }
}
