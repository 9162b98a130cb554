package com.personalaichatbot.dr.core.internal.catalog;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.EntryKind;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.HeadChangedException;
import com.personalaichatbot.dr.core.operation.OperationCancelledException;
import com.personalaichatbot.dr.core.operation.RepositoryException;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.UnfinishedCommitException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Optional;

/**
 * An entry that an operation has created, or may have created. Every failure from then on goes
 * through here, so that it says what became of the entry: whoever reads that a backup or a change
 * of keys failed must not believe that nothing was written.
 */
public final class WrittenEntry {
  private final long position;
  private final EntryKind kind;
  private final String name;

  private WrittenEntry(long position, EntryKind kind, String name) {
    this.position = position;
    this.kind = kind;
    this.name = name;
  }

  /**
   * An entry of this kind at a position.
   *
   * @param id the id of the entry, which is that of its snapshot
   */
  public static WrittenEntry of(long position, EntryKind kind, Bytes16 id) {
    String name = switch (kind) {
      case SNAPSHOT -> "snapshot " + id;
      case MARK -> "the mark";
      case KEYS -> "the list of key slots";
      case PRUNE -> "the removal";
      default -> "the entry";
    };
    return new WrittenEntry(position, kind, name);
  }

  /** What it is, for messages. */
  String name() {
    return name;
  }

  /** One step after the entry was created. */
  @FunctionalInterface
  public interface Step<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /** One step after the entry was created that gives nothing. */
  @FunctionalInterface
  public interface Check {
    /** Does it. */
    void run() throws IOException;
  }

  /** How an entry ends of which the storage does not say whether it took it. */
  IOException unknown(IOException failure) {
    return failure(
        failure,
        "it is not known whether " + name + " was written there: the storage failed, and does not"
            + " read it back",
        look(),
        false);
  }

  /** Makes the entry durable. */
  void force(Check step) throws IOException {
    uncommitted(
        step,
        name + " was written there, and it is not known whether that outlasts a power cut: the"
            + " directory could not be forced to the disk");
  }

  /** Finds out whether the entry counts, when it is durable. */
  void confirm(Check step) throws IOException {
    uncommitted(
        step,
        name + " was written there, and it is not known whether it counts: the catalog could not be"
            + " read");
  }

  /**
   * Writes the entry to another storage, which is read back.
   *
   * @param before the newest entry that the run has made durable there
   */
  public void whileCopied(String place, Optional<WrittenEntry> before, Check step)
      throws IOException {
    String there = before
        .map(entry -> "; what was written there up to " + EntryFile.name(entry.position) + " is")
        .orElse("");
    uncommitted(
        step,
        "it is not known whether " + name + " was written to " + place + there,
        "look at the storage; the next run goes on where this one ended");
  }

  private void uncommitted(Check step, String problem) throws IOException {
    uncommitted(step, problem, look());
  }

  private void uncommitted(Check step, String problem, String action) throws IOException {
    try {
      step.run();
    } catch (RepositoryLockedException notCommitted) {
      throw notCommitted;
    } catch (IOException e) {
      boolean isSaid = e instanceof CorruptRepositoryException
          && e.getMessage().contains(EntryFile.name(position));
      throw isSaid ? e : failure(e, problem, action, false);
    }
  }

  /**
   * Does what comes after an entry that is durable and counts.
   *
   * @param left what is not done if the step fails
   * @param action what to do then
   */
  public <T> T then(String left, String action, Step<T> step) throws IOException {
    try {
      return step.run();
    } catch (UnfinishedCommitException later) {
      throw later;
    } catch (IOException e) {
      throw failure(e, name + " was written there and counts; " + left, action, true);
    }
  }

  private String look() {
    return kind == EntryKind.KEYS
        ? "look at the storage; dr key list shows whether it took effect. If not, run the operation"
            + " again"
        : "look at the storage; dr snapshots shows whether it took effect. If not, run the"
            + " operation again";
  }

  /** The same kind of failure, which says what was written. */
  private IOException failure(IOException e, String problem, String action, boolean committed) {
    String file = EntryFile.name(position);
    if (e instanceof RepositoryException known) {
      String own = known.getMessage().substring(known.object().length() + 2);
      String both = own + ". " + file + ": " + problem;
      String next = known.action();
      if (e instanceof CorruptRepositoryException) {
        return new CorruptRepositoryException(known.object(), both, next, e.getCause());
      }
      if (e instanceof RepositoryLockedException) {
        return new RepositoryLockedException(known.object(), both, next, e);
      }
      if (e instanceof HeadChangedException) {
        return new HeadChangedException(known.object(), both, next);
      }
      if (e instanceof OperationCancelledException) {
        return new OperationCancelledException(known.object(), both, next, e);
      }
    }
    boolean interrupted =
        (e instanceof InterruptedIOException || e instanceof ClosedByInterruptException)
            && Thread.currentThread().isInterrupted();
    if (interrupted) {
      return new OperationCancelledException(file, "interrupted; " + problem, action, e);
    }
    return new UnfinishedCommitException(
        file, problem + " (" + reason(e) + ")", action, position, committed, e);
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
