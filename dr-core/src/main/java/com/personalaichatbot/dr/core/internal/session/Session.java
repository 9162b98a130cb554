package com.personalaichatbot.dr.core.internal.session;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.format.RepositoryFormat;
import com.personalaichatbot.dr.core.internal.index.Dictionaries;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.ProgressListener;
import com.personalaichatbot.dr.core.operation.ReadOnlyRepositoryException;
import com.personalaichatbot.dr.core.operation.UnsupportedFormatException;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.time.Clock;

/**
 * An opened repository: what every run on it needs. Immutable; the façade owns what it holds.
 *
 * @param state what this client keeps outside the repository
 * @param workers the threads that the runs share
 * @param pace how fast the operation goes that this is for, and whether it goes on
 * @param fileSystem in which the recorded paths of components lie
 */
public record Session(
    Storage storage,
    RepositoryFormat format,
    RepositoryKeys keys,
    Seals seals,
    Catalog catalog,
    Dictionaries dictionaries,
    ClientState state,
    Workers workers,
    Pace pace,
    Clock clock,
    FileSystem fileSystem,
    String host,
    ProgressListener progress) {

  /** The same for one operation, which can be cancelled without any other being. */
  public Session begin() {
    Pace own = pace.newReader();
    return new Session(
        own.isLimited() ? new PacedStorage(storage, own) : storage,
        format,
        keys,
        seals,
        catalog,
        dictionaries,
        state,
        workers.at(own),
        own,
        clock,
        fileSystem,
        host,
        progress);
  }

  /**
   * Refuses to write where that is sure to fail, and where a newer version wrote something that
   * this one does not know.
   */
  public void requireWritable() throws IOException {
    CopiedStorage.Mark mark = storage.isWritable() ? null : CopiedStorage.mark(storage, seals);
    if (mark != null && mark.isUnproven()) {
      throw new CorruptRepositoryException(
          CopiedStorage.MARK,
          "it was not written with the keys of this repository, or is damaged: this place may be a"
              + " copy, and nothing is written to it",
          "if this is the original, delete " + CopiedStorage.MARK
              + " in it. If it is a copy, bring it up to date with dr copy, which replaces the file");
    }
    if (mark != null && mark.copyId().isPresent()) {
      throw new ReadOnlyRepositoryException(
          storage.location(),
          "it is a copy of a repository, which is read-only",
          "use the original. If that is lost, delete the file " + CopiedStorage.MARK
              + " here: then this is the repository; restore, ls, cat and verify work as it is");
    }
    if (!storage.isWritable()) {
      throw new ReadOnlyRepositoryException(
          storage.location(),
          "it is read-only for this process",
          "give this user the right to write there, or use a copy; restore, ls, cat and verify work"
              + " as it is");
    }
    refuse(format.writeFeatures(), "write");
  }

  /** Refuses to prune where a newer version wrote something that this one does not know. */
  public void requirePrunable() throws IOException {
    requireWritable();
    refuse(format.pruneFeatures(), "prune");
  }

  private void refuse(long unknownFeatures, String what) throws UnsupportedFormatException {
    if (unknownFeatures != 0) {
      throw new UnsupportedFormatException(
          storage.location(),
          "it has " + what + " features that this version does not know",
          "use the version that wrote them; reading and restoring is still possible");
    }
  }
}
