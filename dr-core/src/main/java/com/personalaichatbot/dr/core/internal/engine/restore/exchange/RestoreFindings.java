package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import com.personalaichatbot.dr.core.internal.journal.Change;
import com.personalaichatbot.dr.core.internal.scan.ScanProblems;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.RestoreCounts;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** The findings and figures of a restore, gathered from all its threads. Thread-safe. */
public final class RestoreFindings implements ScanProblems {
  private static final int NAMED = 10;

  public final AtomicLong create = new AtomicLong();
  public final AtomicLong replace = new AtomicLong();
  public final AtomicLong unchanged = new AtomicLong();
  public final AtomicLong remove = new AtomicLong();
  public final AtomicLong bytesToWrite = new AtomicLong();
  public final AtomicLong bytesWritten = new AtomicLong();
  final AtomicLong flooredTimes = new AtomicLong();
  final AtomicLong impossibleTimes = new AtomicLong();
  private final List<PathProblem> failures = Collections.synchronizedList(new ArrayList<>());
  private final Set<String> notes = Collections.synchronizedSet(new LinkedHashSet<>());
  private final Map<String, Refusals> refused = Collections.synchronizedMap(new TreeMap<>());
  private final Set<String> openNow = Collections.synchronizedSet(new TreeSet<>());
  private volatile boolean damaged;
  private volatile boolean unverified;

  @Override
  public void failed(String path, String reason) {
    failures.add(new PathProblem(path, reason));
  }

  /** A special file, which no snapshot holds, is left alone. */
  @Override
  public void skipped(String path, String reason) {}

  /** Stored data is missing or wrong. */
  public void damaged(String path, String reason) {
    damaged();
    failed(path, reason);
  }

  /** Stored data is missing or wrong, which is listed with the entry that needs it. */
  public void damaged() {
    damaged = true;
  }

  /** An entry of the snapshot that was counted as one to restore does not come. */
  public void notRestored(boolean replaces, String path, String reason) {
    (replaces ? replace : create).decrementAndGet();
    failed(path, reason);
  }

  /** A change that was counted was not made, and is listed as a failure. */
  void takeBack(Change change) {
    switch (change.kind()) {
      case PUT_FILE, PUT_LINK -> (change.before() == null ? create : replace).decrementAndGet();
      case REMOVE -> remove.decrementAndGet();
      default -> {
        return; // Not counted.
      }
    }
  }

  /** What was written does not read back. */
  void unverified(String path, String reason) {
    unverified();
    failed(path, reason);
  }

  /** The same, which is listed with the entry that was written. */
  public void unverified() {
    unverified = true;
  }

  /** A file could not be compared, because this process has it open before it comes to rest. */
  public void openNow(String path) {
    openNow.add(path);
  }

  /** The number of the target's refusals of one thing, and the first place. */
  private record Refusals(long count, String first) {
    Refusals and(Refusals more) {
      return new Refusals(count + more.count, first);
    }
  }

  /** The target refused to set metadata of something whose content is restored all the same. */
  void refused(String what, String path, String reason) {
    refused.merge(what + ": " + reason, new Refusals(1, path), Refusals::and);
  }

  /** Returns the first few of some names, and how many more there are. */
  public static String named(Collection<String> names) {
    String few = names.stream().limit(NAMED).collect(Collectors.joining(", "));
    return names.size() <= NAMED ? few : few + " and " + (names.size() - NAMED) + " more";
  }

  public void note(String note) {
    notes.add(note);
  }

  public RestoreReport.Status status() {
    return failures.isEmpty() ? RestoreReport.Status.COMPLETE : RestoreReport.Status.INCOMPLETE;
  }

  public boolean isDamaged() {
    return damaged;
  }

  public boolean isVerified() {
    return !unverified;
  }

  public List<PathProblem> failures() {
    synchronized (failures) {
      return List.copyOf(failures);
    }
  }

  public List<String> notes() {
    List<String> all;
    synchronized (notes) {
      all = new ArrayList<>(notes);
    }
    synchronized (refused) {
      refused.forEach((what, where) -> all.add("the target refused the " + what + " ("
          + (where.count == 1 ? where.first : where.count + " times, first for " + where.first)
          + "); the content is restored"));
    }
    synchronized (openNow) {
      if (!openNow.isEmpty()) {
        all.add(named(openNow)
            + (openNow.size() == 1 ? " is" : " are") + " open in this process, and could not be"
            + " compared; counted as to be replaced. The restore replaces only what the application"
            + " has closed by then, for instance in the component's hook"
            + " (Component.withQuiesce)");
      }
    }
    if (flooredTimes.get() > 0) {
      all.add(flooredTimes + " times before 1970 lost their fraction of a second, which this"
          + " platform cannot set");
    }
    if (impossibleTimes.get() > 0) {
      all.add(impossibleTimes + " times lie outside of 1678 to 2261, which is all that this"
          + " platform can set");
    }
    return all;
  }

  public RestoreCounts counts() {
    return new RestoreCounts(
        create.get(), replace.get(), unchanged.get(), remove.get(), failures.size());
  }
}
