package com.personalaichatbot.dr.core.internal.index;

import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.storage.Storage;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** A fault of something stored. */
public record BlobDamage(Damage.Kind kind, String detail) {
  static BlobDamage corrupt(Exception why) {
    return new BlobDamage(Damage.Kind.CORRUPT, why.getMessage());
  }

  /**
   * A file whose bytes the storage does not give, as on a bad sector. Where the storage does not
   * list it any more either, it is not the file that is damaged, and the failure is thrown.
   *
   * @throws NoSuchFileException if the file is gone by now
   * @throws IOException the failure, if the storage is not there or the thread is to stop
   */
  public static BlobDamage unreadable(Storage storage, String file, IOException failure)
      throws IOException {
    if (failure instanceof NoSuchFileException || Thread.currentThread().isInterrupted()) {
      throw failure;
    }
    boolean listed;
    try {
      int slash = file.lastIndexOf('/');
      listed = storage.list(slash < 0 ? "" : file.substring(0, slash)).stream()
          .anyMatch(stored -> stored.name().equals(file));
    } catch (IOException gone) {
      failure.addSuppressed(gone);
      throw failure;
    }
    if (!listed) {
      throw new NoSuchFileException(file);
    }
    return new BlobDamage(Damage.Kind.UNREADABLE, "it cannot be read: " + failure.getMessage());
  }
}
