package com.personalaichatbot.dr.core.internal.figures;

import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.snapshot.Figures;
import com.personalaichatbot.dr.core.snapshot.Figures.Sign;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Adds up the figures of one kind of component during a backup. A file that is gone from one place
 * and new in another under the same name was moved, and is not counted as removed. Thread-safe.
 */
public final class KindTally {
  private static final int EXAMPLES = 8;

  /** Of so many names it is known whether they were moved; a million would cost memory. */
  private static final int NAMES = 50_000;

  private final Kind kind;
  private final LongAdder files = new LongAdder();
  private final LongAdder added = new LongAdder();
  private final LongAdder changed = new LongAdder();
  private final Map<Sign, Long> signs = new EnumMap<>(Sign.class);
  private final Map<Sign, TreeSet<String>> examples = new EnumMap<>(Sign.class);
  private final Set<Long> addedNames = new HashSet<>();
  private final Set<Long> removedNames = new HashSet<>();
  private final TreeMap<String, Long> removedPaths = new TreeMap<>();
  private long removed;

  /** Begins at zero. */
  public KindTally(Kind kind) {
    this.kind = kind;
  }

  /** Counts a file or link that is as it was. */
  public void unchanged() {
    files.increment();
  }

  /** Counts a file or link that is new. */
  public void added() {
    files.increment();
    added.increment();
  }

  /** Takes the name of a new file or link, under which one may be gone elsewhere. */
  public synchronized void addedName(byte[] name) {
    if (addedNames.size() < NAMES) {
      addedNames.add(hash(name));
    }
  }

  /** Counts a file or link that is another than it was. */
  public void changed() {
    files.increment();
    changed.increment();
  }

  /** Counts a file or link that is no longer where it was. */
  public synchronized void removed(byte[] name, String path) {
    removed++;
    long hash = hash(name);
    if (removedNames.size() < NAMES && removedNames.add(hash)) {
      removedPaths.put(path, hash);
      if (removedPaths.size() > NAMES / 100) {
        removedPaths.pollLastEntry();
      }
    }
  }

  /**
   * Counts a file that shows a sign.
   *
   * @param path of all, the first few in their order are kept, so that the figures do not depend on
   *     which thread came first
   */
  public synchronized void shows(Sign sign, String path) {
    signs.merge(sign, 1L, Long::sum);
    TreeSet<String> kept = examples.computeIfAbsent(sign, s -> new TreeSet<>());
    kept.add(path);
    if (kept.size() > EXAMPLES) {
      kept.pollLast();
    }
  }

  /** What was counted so far. */
  public synchronized Figures.OfKind figures() {
    Map<Sign, Long> counts = new EnumMap<>(signs);
    Map<Sign, List<String>> paths = new EnumMap<>(Sign.class);
    examples.forEach((sign, some) -> paths.put(sign, List.copyOf(some)));
    long moved = removedNames.stream().filter(addedNames::contains).count();
    if (removed > moved) {
      counts.put(Sign.REMOVED, removed - moved);
      paths.put(
          Sign.REMOVED,
          removedPaths.entrySet().stream()
              .filter(e -> !addedNames.contains(e.getValue()))
              .limit(EXAMPLES)
              .map(Map.Entry::getKey)
              .collect(Collectors.toList()));
    }
    return new Figures.OfKind(kind, files.sum(), added.sum(), changed.sum(), counts, paths);
  }

  /** FNV-1a; two names of one hash make a removal look like a move, once in 10^9 backups. */
  private static long hash(byte[] name) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
