package com.personalaichatbot.dr.core.snapshot;

import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.snapshot.Figures.OfKind;
import com.personalaichatbot.dr.core.snapshot.Figures.Sign;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The snapshot to go back to after somebody was in the system: the newest one that is verified and
 * holds nothing suspicious. Rules over the {@link Figures} of all backups decide, each with its
 * reason in words; a figure is compared with what was usual before. That is told by the median and
 * the median absolute deviation of clean snapshots (Leys et al., 2013), because a mean would follow
 * the attack.
 */
public final class CleanRecoveryPoint {
  /** How many clean snapshots before tell what is usual. */
  private static final int USUAL_OF = 30;

  /** So many deviations above the median are unusual. */
  private static final double UNUSUAL = 6;

  private static final int FEW = 3;
  private static final int MANY = 100;

  /** How far back files that went a few at a time are added up. */
  private static final Duration SLOW = Duration.ofDays(14);

  /** That share of the files may go in this time without being suspicious. */
  private static final double SLOW_SHARE = 0.1;

  private static final Set<Kind> SETTINGS = EnumSet.of(Kind.CONFIG, Kind.SECRETS);

  private CleanRecoveryPoint() {}

  /**
   * A reason for which a snapshot is suspicious.
   *
   * @param kind the components that show it
   * @param sentence what was seen beside what is usual, for people
   * @param files some of the files that show it; empty once the snapshot was pruned
   */
  public record Reason(Kind kind, String sentence, List<String> files) {
    /** Refuses nulls and keeps a copy. */
    public Reason {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(sentence, "sentence");
      files = List.copyOf(files);
    }
  }

  /**
   * The judgement of a snapshot by its figures.
   *
   * @param reasons empty where nothing is suspicious
   */
  public record Verdict(Figures figures, List<Reason> reasons) {
    /** Refuses nulls and keeps a copy. */
    public Verdict {
      Objects.requireNonNull(figures, "figures");
      reasons = List.copyOf(reasons);
    }

    /** Whether nothing is suspicious: CLEAN, else SUSPECT. */
    public boolean isClean() {
      return reasons.isEmpty();
    }
  }

  /**
   * A snapshot to go back to, and what that costs.
   *
   * @param loss the time whose changes are lost: from its capture until now
   * @param conversationsLost how many conversation files were added, changed or removed since, as
   *     the backups counted
   */
  public record Candidate(Snapshot snapshot, Duration loss, long conversationsLost) {
    /** Refuses nulls. */
    public Candidate {
      Objects.requireNonNull(snapshot, "snapshot");
      Objects.requireNonNull(loss, "loss");
    }
  }

  /**
   * The chosen snapshots.
   *
   * @param candidates the best first, then the next three; empty if no snapshot is fit
   * @param refused newer snapshots that were passed over, newest first, each with the reason
   */
  public record Choice(List<Candidate> candidates, Map<SnapshotId, String> refused) {
    /** Keeps copies; the order of {@code refused} stays. */
    public Choice {
      candidates = List.copyOf(candidates);
      refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
    }

    /** The best, if there is one. */
    public Optional<Candidate> best() {
      return candidates.stream().findFirst();
    }
  }

  /**
   * Judges each snapshot by its own figures and those before it.
   *
   * @param history as {@code BackupRepository.figures()} gives them, oldest first
   * @return in the same order
   */
  public static List<Verdict> judge(List<Figures> history) {
    List<Verdict> verdicts = new ArrayList<>();
    for (Figures figures : history) {
      List<Reason> reasons = new ArrayList<>();
      for (OfKind of : figures.kinds()) {
        judge(figures, of, verdicts, reasons);
      }
      verdicts.add(new Verdict(figures, reasons));
    }
    return withSlowLosses(verdicts);
  }

  /**
   * Chooses where to go back to. A snapshot is fit if it is complete, verified or proven, is judged
   * clean, and was taken before the compromise. Where nobody knows when that was, the first
   * suspicious snapshot stands for it.
   *
   * @param snapshots of the repository, in any order
   * @param history as {@code BackupRepository.figures()} gives them, oldest first
   * @param compromised the earliest time at which somebody may have been in the system; empty if
   *     nobody knows
   * @param now from when the loss is counted
   */
  public static Choice choose(
      List<Snapshot> snapshots, List<Figures> history, Optional<Instant> compromised, Instant now) {
    Map<SnapshotId, Verdict> verdicts = new HashMap<>();
    Instant suspicious = null;
    for (Verdict verdict : judge(history)) {
      verdicts.put(verdict.figures().snapshot(), verdict);
      boolean first = suspicious == null && !verdict.isClean();
      if (first && compromised.isEmpty()) {
        suspicious = verdict.figures().time();
      }
    }
    Instant before = compromised.orElse(suspicious);
    List<Candidate> candidates = new ArrayList<>();
    Map<SnapshotId, String> refused = new LinkedHashMap<>();
    List<Snapshot> newestFirst = new ArrayList<>(snapshots);
    newestFirst.sort((a, b) -> Long.compare(b.sequence(), a.sequence()));
    for (Snapshot snapshot : newestFirst) {
      Optional<String> refusal = refusal(snapshot, verdicts.get(snapshot.id()), before);
      if (refusal.isEmpty() && candidates.size() <= FEW) {
        candidates.add(candidate(snapshot, history, now));
      } else if (candidates.isEmpty()) {
        refused.put(snapshot.id(), refusal.orElseThrow());
      }
    }
    return new Choice(candidates, refused);
  }

  private static Optional<String> refusal(Snapshot snapshot, Verdict verdict, Instant before) {
    if (snapshot.purpose() == Purpose.QUARANTINE) {
      return Optional.of("it is evidence, taken of data that was known to be bad");
    }
    if (before != null && !snapshot.started().isBefore(before)) {
      return Optional.of("it was taken after the data may have been tampered with");
    }
    if (verdict != null && !verdict.isClean()) {
      return Optional.of(verdict.reasons().get(0).sentence());
    }
    if (!snapshot.trust().isGood()) {
      return Optional.of("it is " + snapshot.trust() + ": nobody read all of it back");
    }
    if (snapshot.components().stream().anyMatch(c -> !snapshot.isGoodFor(c.name()))) {
      return Optional.of(
          snapshot.components().stream().anyMatch(c -> snapshot.isShrunk(c.name()))
              ? "it is SHRUNK: most of the data was gone when it was taken"
              : "it is not complete");
    }
    return Optional.empty();
  }

  private static Candidate candidate(Snapshot snapshot, List<Figures> history, Instant now) {
    long lost = history.stream()
        .filter(f -> f.sequence() > snapshot.sequence() && f.purpose() != Purpose.QUARANTINE)
        .flatMap(f -> f.of(Kind.CONVERSATIONS).stream())
        .mapToLong(of -> of.added() + of.changed() + of.count(Sign.REMOVED))
        .sum();
    return new Candidate(snapshot, Duration.between(snapshot.started(), now), lost);
  }

  private static void judge(
      Figures figures, OfKind of, List<Verdict> before, List<Reason> reasons) {
    List<OfKind> usual = clean(before, of.kind());
    boolean settings = SETTINGS.contains(of.kind());
    garbled(of, usual, settings).ifPresent(reasons::add);
    uniform(of, usual).ifPresent(reasons::add);
    removed(of, usual).ifPresent(reasons::add);
    long loosened = of.count(Sign.LOOSENED);
    if (loosened >= (settings ? 1 : FEW)) {
      reasons.add(
          reason(of, Sign.LOOSENED, loosened + " files can be read or changed by more users"));
    }
    if (of.count(Sign.CANARY) > 0) {
      reasons.add(reason(of, Sign.CANARY, "a file that nobody has a reason to touch was touched"));
    }
    if (settings && of.changed() > 0 && !isAnnounced(figures, before)) {
      reasons.add(reason(
          of, Sign.CHANGED, of.changed() + " files changed without a snapshot before the change"));
    }
  }

  private static Optional<Reason> garbled(OfKind of, List<OfKind> usual, boolean settings) {
    long garbled = of.count(Sign.GARBLED);
    boolean unusual = garbled > limit(usual, k -> k.count(Sign.GARBLED));
    return unusual && garbled >= (settings ? 1 : FEW)
        ? Optional.of(reason(
            of,
            Sign.GARBLED,
            garbled + " new or changed files are not what their names say: encrypted or broken"))
        : Optional.empty();
  }

  private static Optional<Reason> uniform(OfKind of, List<OfKind> usual) {
    long uniform = of.count(Sign.UNIFORM);
    boolean unusual = uniform > limit(usual, k -> k.count(Sign.UNIFORM));
    return unusual && uniform >= FEW && uniform * 2 > of.changed() && of.changed() > of.added()
        ? Optional.of(reason(of, Sign.UNIFORM, uniform + " files look encrypted"))
        : Optional.empty();
  }

  private static Optional<Reason> removed(OfKind of, List<OfKind> usual) {
    long lost = of.count(Sign.REMOVED);
    long were = of.files() + lost;
    boolean most = lost * 2 > were && lost >= (SETTINGS.contains(of.kind()) ? 1 : FEW);
    boolean many = lost >= MANY && lost > limit(usual, k -> k.count(Sign.REMOVED));
    return most || many
        ? Optional.of(reason(of, Sign.REMOVED, lost + " of " + were + " files are gone"))
        : Optional.empty();
  }

  /** Files that go a few at a time: from the first of those snapshots on they are suspicious. */
  private static List<Verdict> withSlowLosses(List<Verdict> verdicts) {
    List<Verdict> result = new ArrayList<>(verdicts);
    for (int last = 0; last < verdicts.size(); last++) {
      Figures newest = verdicts.get(last).figures();
      for (OfKind of : newest.kinds()) {
        if (of.kind() != Kind.LOGS) {
          slowLoss(verdicts, last, of).ifPresent(first -> mark(result, first, newest, of.kind()));
        }
      }
    }
    return result;
  }

  /** Where a loss began that reaches the limit with the snapshot at {@code last}. */
  private static Optional<Integer> slowLoss(List<Verdict> verdicts, int last, OfKind newest) {
    Instant since = verdicts.get(last).figures().time().minus(SLOW);
    long gone = 0;
    int first = last;
    for (int at = last; at >= 0; at--) {
      Figures figures = verdicts.get(at).figures();
      OfKind of = figures.of(newest.kind()).orElse(null);
      if (of == null || figures.time().isBefore(since)) {
        break;
      }
      long here = of.count(Sign.REMOVED);
      if (here > 0) {
        gone += here;
        first = at;
      }
    }
    boolean tooMuch = gone >= FEW && gone > SLOW_SHARE * (newest.files() + gone);
    return tooMuch ? Optional.of(first) : Optional.empty();
  }

  private static void mark(List<Verdict> result, int from, Figures until, Kind kind) {
    for (int at = from; result.get(at).figures().sequence() <= until.sequence(); at++) {
      Verdict verdict = result.get(at);
      List<Reason> reasons = new ArrayList<>(verdict.reasons());
      OfKind of = verdict.figures().of(kind).orElse(null);
      if (of != null && reasons.stream().noneMatch(r -> r.kind() == kind)) {
        reasons.add(reason(
            of,
            Sign.REMOVED,
            "files go a few at a time, together more than one in ten within two weeks"));
      }
      result.set(at, new Verdict(verdict.figures(), reasons));
      if (at + 1 == result.size()) {
        return;
      }
    }
  }

  private static Reason reason(OfKind of, Sign sign, String sentence) {
    return new Reason(
        of.kind(),
        of.kind().name().toLowerCase(Locale.ROOT) + ": " + sentence,
        of.examples().getOrDefault(sign, List.of()));
  }

  /** Whether somebody took a snapshot before the change, as everybody should. */
  private static boolean isAnnounced(Figures figures, List<Verdict> before) {
    if (figures.purpose() == Purpose.PRE_CHANGE || before.isEmpty()) {
      return true;
    }
    Purpose last = before.get(before.size() - 1).figures().purpose();
    return last == Purpose.PRE_CHANGE || last == Purpose.MANUAL;
  }

  private static List<OfKind> clean(List<Verdict> before, Kind kind) {
    List<OfKind> clean = before.stream()
        .filter(Verdict::isClean)
        .flatMap(v -> v.figures().of(kind).stream())
        .collect(Collectors.toList());
    return clean.subList(Math.max(0, clean.size() - USUAL_OF), clean.size());
  }

  private static long limit(List<OfKind> usual, ToLongFunction<OfKind> figure) {
    if (usual.isEmpty()) {
      return 0;
    }
    long[] values = usual.stream().mapToLong(figure).sorted().toArray();
    long median = values[values.length / 2];
    long[] distances = usual.stream()
        .mapToLong(k -> Math.abs(figure.applyAsLong(k) - median))
        .sorted()
        .toArray();
    return median + (long) Math.ceil(UNUSUAL * distances[distances.length / 2]);
  }
}
