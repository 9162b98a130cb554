package com.personalaichatbot.dr.core.internal.engine;

import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.scan.ScanProblems;
import com.personalaichatbot.dr.core.operation.FileCounts;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.Progress;
import com.personalaichatbot.dr.core.operation.ProgressListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** What a backup adds up. Thread-safe. */
final class BackupCounts {
  private final LongAdder created = new LongAdder();
  private final LongAdder changed = new LongAdder();
  private final LongAdder unchanged = new LongAdder();
  private final LongAdder removed = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesAdded = new LongAdder();
  private final List<PathProblem> failures = Collections.synchronizedList(new ArrayList<>());
  private final List<PathProblem> skipped = Collections.synchronizedList(new ArrayList<>());
  private final ProgressMeter meter;

  BackupCounts(ProgressListener listener) {
    this.meter = new ProgressMeter(Progress.Phase.BACKING_UP, -1, listener);
  }

  /** Begins to count a component. */
  OfComponent begin() {
    return new OfComponent();
  }

  List<PathProblem> failures() {
    return sorted(failures);
  }

  List<PathProblem> skipped() {
    return sorted(skipped);
  }

  private static List<PathProblem> sorted(List<PathProblem> problems) {
    synchronized (problems) {
      return problems.stream().sorted(Comparator.comparing(PathProblem::path)).toList();
    }
  }

  FileCounts files() {
    return new FileCounts(
        created.sum(), changed.sum(), unchanged.sum(), removed.sum(), failures.size());
  }

  long bytesRead() {
    return bytesRead.sum();
  }

  long bytesAdded() {
    return bytesAdded.sum();
  }

  /** The share of one component. */
  final class OfComponent implements ScanProblems {
    private final LongAdder files = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final AtomicBoolean complete = new AtomicBoolean(true);

    @Override
    public void failed(String path, String reason) {
      complete.set(false);
      failures.add(new PathProblem(path, reason));
    }

    @Override
    public void skipped(String path, String reason) {
      skipped.add(new PathProblem(path, reason));
    }

    /**
     * Counts a file or link that is in the snapshot, against what it was before, null if nothing.
     */
    void kept(TreeEntry entry, TreeEntry before) {
      files.increment();
      bytes.add(entry.attributes().size());
      if (before == null) {
        created.increment();
      } else if (entry.sameAs(before)) {
        unchanged.increment();
      } else {
        changed.increment();
      }
      meter.add(1, entry.attributes().size());
    }

    /** Counts a file that is in the snapshot as it was in the one before, because time ran out. */
    void carried(TreeEntry entry) {
      files.increment();
      bytes.add(entry.attributes().size());
    }

    void removed(long count) {
      removed.add(count);
    }

    void read(long count) {
      bytesRead.add(count);
    }

    void added(long count) {
      bytesAdded.add(count);
    }

    boolean isComplete() {
      return complete.get();
    }

    long files() {
      return files.sum();
    }

    long bytes() {
      return bytes.sum();
    }
  }
}
