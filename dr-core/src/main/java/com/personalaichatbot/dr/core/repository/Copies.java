package com.personalaichatbot.dr.core.repository;

import com.personalaichatbot.dr.core.internal.engine.copy.CopyRun;
import com.personalaichatbot.dr.core.internal.engine.copy.HealRun;
import com.personalaichatbot.dr.core.internal.session.DirectoryGuard;
import com.personalaichatbot.dr.core.internal.session.Operations;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.store.ProtectedPaths;
import com.personalaichatbot.dr.core.operation.CopyReport;
import com.personalaichatbot.dr.core.operation.CopyState;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of a repository in other storages, as {@link BackupRepository#copies} gives them: brings
 * one up to date, tells how far it is behind, and heals the original from one.
 *
 * <p>Thread-safe, cancellable and blocking as the repository. Once the repository is closed, every
 * method throws {@link IllegalStateException}.
 */
public final class Copies {
  private static final Logger log = LoggerFactory.getLogger(Copies.class);

  private final Operations operations;
  private final Session session;
  private final ProtectedPaths protectedPaths;
  private final Duration lockTimeout;

  Copies(Operations operations, ProtectedPaths protectedPaths, Duration lockTimeout) {
    this.operations = operations;
    this.session = operations.session();
    this.protectedPaths = protectedPaths;
    this.lockTimeout = lockTimeout;
  }

  /**
   * Brings a copy of this repository in another storage up to date, such as one on a medium that is
   * kept elsewhere: makes it if the place is empty, and else adds what it lacks. The copy opens
   * with the same passphrases, is read and not written, and never holds a newer snapshot without
   * all that it needs. What is damaged or missing in the original is named and not copied; what the
   * copy has of it stays there, and {@link #heal} puts it back. Interrupted, the next call goes on.
   *
   * <p>What a prune removes from the original stays in the copy. To go on with the copy because the
   * original is lost, delete the file {@code copy} in it: then it is a repository of its own.
   *
   * @param target stays the caller's, and open meanwhile
   * @param present how much of what the copy has already is read back; what is wrong is replaced.
   *     Otherwise only its names and lengths are looked at. What is copied is read back in any case
   * @return what was copied, and what could not be
   * @throws IllegalArgumentException if the target is this repository's own place, or one lies in
   *     the other
   * @throws com.personalaichatbot.dr.core.operation.RepositoryExistsException if the place holds
   *     something else than a copy of this repository, or lies in protected data; nothing was
   *     changed
   * @throws com.personalaichatbot.dr.core.operation.HeadChangedException if the copy's history is
   *     no beginning of this one, or this one was rolled back or forked; nothing was changed
   * @throws com.personalaichatbot.dr.core.operation.RepositoryLockedException if a prune has this
   *     repository, or somebody else the copy
   * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if the target does
   *     not give back what was written to it
   * @throws IOException if one of the storages fails; what was copied by then is used by the next
   *     call
   */
  public CopyReport copyTo(Storage target, VerifyOptions present) throws IOException {
    operations.requireOpen();
    Objects.requireNonNull(present, "present");
    requireElsewhere(target);
    return operations.shared("copyTo", () -> {
      protectedPaths.requireOutside(target.localPath());
      CopyReport report =
          new CopyRun(session.begin(), DirectoryGuard.of(target), present).run(lockTimeout);
      log.info(
          "Copy to {}: {} files copied, {} repaired, {} damaged; {} bytes in {}",
          target.location(),
          report.filesCopied(),
          report.filesMended(),
          report.damages().size(),
          report.bytesCopied(),
          report.duration());
      return report;
    });
  }

  /**
   * Heals the original of this copy: puts back what is missing there or is not what was written, as
   * far as this copy has it whole. This repository is the copy, so that it works also where the
   * original cannot be opened any more. It need not be up to date: what the original did since is
   * kept, and what it removed stays removed. Verify the original afterwards, which tells whether
   * anything is left. Interrupted, the next call goes on.
   *
   * @param original stays the caller's, and open meanwhile
   * @param present how much of what the original has is read, to be put back where it is wrong.
   *     With less than {@link VerifyOptions#readAll} what is damaged and has its length is not
   *     found
   * @return what was put back, and what could not be
   * @throws IllegalArgumentException if the original is this repository's own place, or one lies in
   *     the other
   * @throws com.personalaichatbot.dr.core.operation.RepositoryNotFoundException if nothing there
   *     tells that it is this repository; nothing was changed
   * @throws com.personalaichatbot.dr.core.operation.RepositoryExistsException if it is a copy;
   *     nothing was changed
   * @throws com.personalaichatbot.dr.core.operation.HeadChangedException if neither history goes on
   *     from the other, or the copy was rolled back or forked; nothing was changed
   * @throws com.personalaichatbot.dr.core.operation.RepositoryLockedException if somebody else uses
   *     the original; nothing was changed
   * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if the original's
   *     storage does not give back what was written to it
   * @throws IOException if one of the storages fails; what was put back by then stays
   */
  public CopyReport heal(Storage original, VerifyOptions present) throws IOException {
    operations.requireOpen();
    Objects.requireNonNull(present, "present");
    requireElsewhere(original);
    return operations.shared("heal", () -> {
      CopyReport report =
          new HealRun(session.begin(), DirectoryGuard.of(original), present).run(lockTimeout);
      log.info(
          "Heal {}: {} files put back, {} repaired, {} damaged; {} bytes in {}",
          original.location(),
          report.filesCopied(),
          report.filesMended(),
          report.damages().size(),
          report.bytesCopied(),
          report.duration());
      return report;
    });
  }

  private void requireElsewhere(Storage other) {
    Optional<Path> place = other.localPath().map(path -> path.toAbsolutePath().normalize());
    Optional<Path> own =
        session.storage().localPath().map(p -> p.toAbsolutePath().normalize());
    if (place.isPresent()
        && own.isPresent()
        && (place.get().startsWith(own.get()) || own.get().startsWith(place.get()))) {
      throw new IllegalArgumentException(
          "a repository cannot be copied to its own place, nor into it or around it: "
              + place.get());
    }
  }

  /**
   * Finds out how far a copy of this repository is behind, by its history alone.
   *
   * @param target stays the caller's
   * @throws com.personalaichatbot.dr.core.operation.RepositoryNotFoundException if there is no copy
   *     of this repository
   * @throws IOException if one of the storages does not answer
   */
  public CopyState state(Storage target) throws IOException {
    operations.requireOpen();
    Objects.requireNonNull(target, "target");
    return operations.run("copyState", () -> CopyRun.state(session, DirectoryGuard.of(target)));
  }
}
