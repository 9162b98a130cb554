package com.personalaichatbot.dr.core.snapshot;

import com.personalaichatbot.dr.core.component.Kind;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The figures of a backup about the data that it read, against the snapshot before. The figures
 * outlive the snapshot: a prune keeps them, without the names of files. Immutable.
 *
 * @param snapshot whose they are; it may have been pruned
 * @param sequence its place in the order of snapshots
 * @param time when its capture began
 * @param purpose why it was made
 * @param kinds one for each kind of component that it holds, in the order of {@link Kind}
 */
public record Figures(
    SnapshotId snapshot, long sequence, Instant time, Purpose purpose, List<OfKind> kinds) {

  /** Refuses nulls and keeps copies. */
  public Figures {
    Objects.requireNonNull(snapshot, "snapshot");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(purpose, "purpose");
    kinds = List.copyOf(kinds);
  }

  /** A sign, seen from outside, that something is wrong with a file. */
  public enum Sign {
    /** It is another than it was; counted for settings and secrets only. */
    CHANGED,

    /** It is gone, and no new file has its name. */
    REMOVED,

    /** Its name says text or JSON, and its content is neither. */
    GARBLED,

    /** Its content, which is not text by its name, looks like noise and not like a known format. */
    UNIFORM,

    /** Others have more rights to it than before. */
    LOOSENED,

    /** It was put there to be left alone, and somebody did not. */
    CANARY
  }

  /**
   * The figures of all components of one kind.
   *
   * @param files files and links that the snapshot holds
   * @param added files and links that are new
   * @param changed files and links whose content or attributes are others than before
   * @param signs how many files show each sign; a sign that none shows is absent
   * @param examples some of the files that show a sign, as paths with the name of the component;
   *     empty once the snapshot was pruned
   */
  public record OfKind(
      Kind kind,
      long files,
      long added,
      long changed,
      Map<Sign, Long> signs,
      Map<Sign, List<String>> examples) {

    /** Refuses nulls and keeps copies. */
    public OfKind {
      Objects.requireNonNull(kind, "kind");
      signs = Map.copyOf(signs);
      Map<Sign, List<String>> copy = new EnumMap<>(Sign.class);
      examples.forEach((sign, paths) -> copy.put(sign, List.copyOf(paths)));
      examples = Map.copyOf(copy);
    }

    /** How many files show a sign. */
    public long count(Sign sign) {
      return signs.getOrDefault(sign, 0L);
    }
  }

  /** The figures of a kind, if the snapshot holds components of it. */
  public Optional<OfKind> of(Kind kind) {
    return kinds.stream().filter(k -> k.kind() == kind).findFirst();
  }
}
