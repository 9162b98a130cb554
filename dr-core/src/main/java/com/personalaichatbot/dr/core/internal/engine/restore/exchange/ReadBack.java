package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.journal.Change;
import com.personalaichatbot.dr.core.internal.journal.Journal;
import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.scan.FileStat;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.session.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Compares what is in the places of an exchange with what was put there, by all workers. */
final class ReadBack {
  private static final int TOGETHER = 64;

  private final Path home;
  private final Path top;
  private final RestoreArea.Run run;
  private final Journal journal;
  private final RestoreFindings findings;

  ReadBack(Path home, Path top, RestoreArea.Run run, Journal journal, RestoreFindings findings) {
    this.home = home;
    this.top = top;
    this.run = run;
    this.journal = journal;
    this.findings = findings;
  }

  /**
   * Reads all files and links back, but for those changes that failed.
   *
   * @param failed gets the numbers of those that do not read back; safe for use by all workers
   */
  void run(Workers workers, Set<Integer> failed) throws IOException {
    Workers.Batch tasks = workers.newBatch(workers.parallelism());
    try {
      List<Change> some = new ArrayList<>();
      for (int i = 0; i < journal.size(); i++) {
        Change change = journal.get(i);
        boolean put =
            change.kind() == Change.Kind.PUT_FILE || change.kind() == Change.Kind.PUT_LINK;
        if (put && !failed.contains(change.number())) {
          some.add(change);
        }
        if (some.size() == TOGETHER || i + 1 == journal.size()) {
          List<Change> together = List.copyOf(some);
          tasks.submit(() -> run(together, failed, tasks));
          some.clear();
        }
      }
      tasks.finish();
    } catch (IOException | RuntimeException | Error e) {
      tasks.abandon();
      throw e;
    }
  }

  private void run(List<Change> changes, Set<Integer> failed, Workers.Batch tasks)
      throws IOException {
    try (TargetDirectories target = new TargetDirectories(home)) {
      run(changes, failed, tasks, target);
    }
  }

  private void run(
      List<Change> changes, Set<Integer> failed, Workers.Batch tasks, TargetDirectories target)
      throws IOException {
    for (Change change : changes) {
      tasks.check();
      String shown = RawName.display(change.place());
      try {
        Path live = target.resolve(TargetFiles.resolve(top, change.place(), 1));
        if (!isAsPut(run, target, change, live, FileStat.read(live))) {
          failed.add(change.number());
          findings.unverified(shown, "it is not what was restored; somebody changed it");
        }
      } catch (IOException | IllegalArgumentException e) {
        failed.add(change.number());
        findings.unverified(shown, "it cannot be read back: " + Failures.describe(e));
      }
    }
  }

  /** Whether what is in the place of a change is what the change put there. */
  static boolean isAsPut(
      RestoreArea.Run run, TargetDirectories target, Change change, Path live, FileStat now)
      throws IOException {
    if (change.kind() == Change.Kind.PUT_LINK) {
      return now.kind() == FileStat.Kind.SYMLINK
          && Arrays.equals(NativeNames.linkTarget(live), change.content());
    }
    return now.kind() == FileStat.Kind.FILE
        && now.attributes().size() == change.after().size()
        && Arrays.equals(
            StillFile.use(run, target, change.number(), live, f -> TargetFiles.digest(f.path())),
            change.content());
  }
}
