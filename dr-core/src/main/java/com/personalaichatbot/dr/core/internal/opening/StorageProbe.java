package com.personalaichatbot.dr.core.internal.opening;

import com.personalaichatbot.dr.core.operation.RepositoryNotFoundException;
import com.personalaichatbot.dr.core.operation.StorageState;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** Finds out with one read and one temporary file, which is discarded, how a storage is. */
public final class StorageProbe {
  private static final byte[] SOMETHING = new byte[4096];

  private StorageProbe() {}

  /** Asks a storage. */
  public static StorageState of(Storage storage) throws IOException {
    boolean there = false;
    for (String name : RepositoryOpener.FORMAT_FILES) {
      there |= holds(storage, name);
    }
    if (!there) {
      throw new RepositoryNotFoundException(
          storage.location(),
          "there is no repository any more",
          "mount its volume, or look for what removed it");
    }
    return new StorageState(storage.location(), storage.localPath(), refusal(storage));
  }

  private static boolean holds(Storage storage, String name) throws IOException {
    try {
      return storage.read(name, 0, new byte[1], 0, 1) > 0;
    } catch (NoSuchFileException absent) {
      return false;
    }
  }

  private static String refusal(Storage storage) {
    if (!storage.isWritable()) {
      return "it is read-only";
    }
    try (StorageWriter discarded = storage.create()) {
      discarded.write(SOMETHING, 0, SOMETHING.length);
      return "";
    } catch (IOException refused) {
      return refused.toString();
    }
  }
}
