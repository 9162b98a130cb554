package com.personalaichatbot.dr.core.internal.engine.backup;

import com.personalaichatbot.dr.core.component.DataSize;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.figures.ContentInspector;
import com.personalaichatbot.dr.core.internal.figures.KindTally;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.scan.ScanProblems;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.session.ProgressMeter;
import com.personalaichatbot.dr.core.operation.FileCounts;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.Progress;
import com.personalaichatbot.dr.core.operation.ProgressListener;
import com.personalaichatbot.dr.core.snapshot.Figures;
import com.personalaichatbot.dr.core.snapshot.Figures.Sign;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** The sums of a backup. Thread-safe. */
final class BackupCounts {
  /** How the name of a file begins that nobody has a reason to touch. */
  private static final byte[] CANARY = ".dr-canary".getBytes(StandardCharsets.US_ASCII);

  private static final int RIGHTS_OF_OTHERS = 077;

  private final LongAdder created = new LongAdder();
  private final LongAdder changed = new LongAdder();
  private final LongAdder unchanged = new LongAdder();
  private final LongAdder removed = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesAdded = new LongAdder();
  private final List<PathProblem> failures = Collections.synchronizedList(new ArrayList<>());
  private final List<PathProblem> skipped = Collections.synchronizedList(new ArrayList<>());
  private final Map<Kind, KindTally> tallies = new EnumMap<>(Kind.class);
  private final ProgressMeter meter;

  BackupCounts(ProgressListener listener) {
    this.meter = new ProgressMeter(Progress.Phase.BACKING_UP, -1, listener);
  }

  /** Says how many bytes there will be, as far as can be told. */
  void expect(long bytesInAll) {
    meter.expect(bytesInAll);
  }

  /**
   * Begins to count a component. From one thread.
   *
   * @param looking whether its files are looked at as they are read; there is little to see in a
   *     first backup, where everything is new
   */
  OfComponent begin(Kind kind, boolean looking) {
    return new OfComponent(kind, looking);
  }

  /** What was noticed, by kind. */
  List<Figures.OfKind> figures() {
    return tallies.values().stream().map(KindTally::figures).toList();
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
    private final LongAdder filesMore = new LongAdder();
    private final LongAdder bytesMore = new LongAdder();
    private final LongAdder filesExcluded = new LongAdder();
    private final LongAdder bytesExcluded = new LongAdder();
    private final AtomicBoolean complete = new AtomicBoolean(true);
    private final KindTally tally;
    private final boolean settings;
    private final boolean looking;

    private OfComponent(Kind kind, boolean looking) {
      this.tally = tallies.computeIfAbsent(kind, KindTally::new);
      this.settings = kind == Kind.CONFIG || kind == Kind.SECRETS;
      this.looking = looking;
    }

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
    void kept(ScannedEntry scanned, TreeEntry entry, TreeEntry before) {
      files.increment();
      bytes.add(entry.attributes().size());
      bytesMore.add(
          entry.attributes().size() - (before == null ? 0 : before.attributes().size()));
      if (before == null) {
        filesMore.increment();
        created.increment();
        tally.added();
        if (looking) {
          tally.addedName(entry.name());
        }
      } else if (entry.sameAs(before)) {
        unchanged.increment();
        tally.unchanged();
      } else {
        changed.increment();
        tally.changed();
        compare(scanned, entry, before);
      }
      meter.add(1, entry.attributes().size());
    }

    private void compare(ScannedEntry scanned, TreeEntry entry, TreeEntry before) {
      if (settings) {
        tally.shows(Sign.CHANGED, scanned.display());
      }
      int more = entry.attributes().mode() & ~before.attributes().mode() & RIGHTS_OF_OTHERS;
      if (more != 0 && entry.type() == EntryType.FILE && before.type() == EntryType.FILE) {
        tally.shows(Sign.LOOSENED, scanned.display());
      }
      if (isCanary(entry)) {
        tally.shows(Sign.CANARY, scanned.display());
      }
    }

    /**
     * The attributes of a file that is about to be read, or null where nothing would come of it.
     */
    ContentInspector look(ScannedEntry file) {
      return looking ? new ContentInspector(file.name()) : null;
    }

    /** Takes what a check saw, once the file has been read to its end. */
    void looked(ScannedEntry file, ContentInspector look) {
      if (look != null) {
        look.end().ifPresent(sign -> tally.shows(sign, file.display()));
      }
    }

    /** Counts a file that is in the snapshot as it was in the one before, because time ran out. */
    void carried(TreeEntry entry) {
      files.increment();
      bytes.add(entry.attributes().size());
    }

    /**
     * Counts a file or link that stood in the snapshot before and is gone.
     *
     * @param path of it, or of a directory above that is gone with it
     * @param excluded whether it is gone because this backup excludes it
     */
    void removed(TreeEntry before, String path, boolean excluded) {
      removed.increment();
      filesMore.decrement();
      bytesMore.add(-before.attributes().size());
      if (excluded) {
        filesExcluded.increment();
        bytesExcluded.add(before.attributes().size());
      }
      tally.removed(before.name(), path);
      if (isCanary(before)) {
        tally.shows(Sign.CANARY, path);
      }
    }

    void read(long count) {
      bytesRead.add(count);
    }

    void added(long count) {
      bytesAdded.add(count);
    }

    /**
     * The size to compare with an earlier one. What was not looked at (unreadable, or not reached
     * before a deadline) and what is excluded counts as present: nobody has seen that it is gone.
     */
    DataSize comparableWith(DataSize before) {
      DataSize lost = new DataSize(Math.max(0, -filesMore.sum()), Math.max(0, -bytesMore.sum()));
      DataSize seen = isComplete() ? new DataSize(files(), bytes()) : before.minus(lost);
      return seen.plus(new DataSize(filesExcluded.sum(), bytesExcluded.sum()));
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

  private static boolean isCanary(TreeEntry entry) {
    byte[] name = entry.name();
    return name.length >= CANARY.length
        && Arrays.equals(name, 0, CANARY.length, CANARY, 0, CANARY.length);
  }
}
