package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.internal.recovery.run.RunRecord;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.CleanRecoveryPoint;
import com.personalaichatbot.dr.core.snapshot.Figures;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The snapshots that a recovery may restore from. What was taken while this run was under way, or
 * an earlier one that did not recover, is not among them: an application that is told to stop may
 * back up the damage on its way. Immutable.
 */
final class GoodSnapshots {
  private static final String IMPORTED = "imported";

  private final List<Snapshot> snapshots;
  private final Optional<SnapshotId> named;
  private final Optional<Instant> before;
  private final Optional<List<Figures>> figures;
  private final Instant now;

  private GoodSnapshots(
      List<Snapshot> all, StepRun run, Optional<List<Figures>> figures, List<Window> underWay) {
    this.named = run.options().snapshot();
    this.before = run.options().compromisedSince();
    this.figures = figures;
    this.now = run.clock().instant();
    this.snapshots =
        all.stream().filter(s -> isNamed(s) || !isWithin(underWay, s.started())).toList();
  }

  private record Window(Instant from, Instant until) {}

  /** When runs on this data were under way, this one included, that have not recovered it. */
  private static List<Window> underWay(StepRun run) throws IOException {
    List<Window> windows = new ArrayList<>();
    for (RunRecord record : run.setup().journals().all()) {
      if (record.mode() == RunMode.LIVE
          && record.status() != RunStatus.RECOVERED
          && record.isReliable()
          && record.isAbout(run.data())) {
        Instant until = record.ended().orElse(run.clock().instant());
        windows.add(new Window(record.detected(), until));
      }
    }
    return windows;
  }

  /** A time after a window may also be one of a clock that this machine's is behind of. */
  private static boolean isWithin(List<Window> windows, Instant time) {
    return windows.stream().anyMatch(w -> !time.isBefore(w.from) && !time.isAfter(w.until));
  }

  private boolean isNamed(Snapshot snapshot) {
    return named.isPresent() && snapshot.id().equals(named.get());
  }

  /** Those of a repository that are of the host in question, oldest first. */
  static List<Snapshot> ofHost(BackupRepository repository, Optional<SnapshotId> named)
      throws IOException {
    List<Snapshot> all = repository.snapshots();
    if (named.isPresent()) {
      Snapshot one = all.stream()
          .filter(s -> s.id().equals(named.get()))
          .findFirst()
          .orElseThrow(() -> new SnapshotNotFoundException(
              "snapshot " + named.get(), "nothing has that name", "list the snapshots"));
      return all.stream()
          .filter(s -> s.host().equals(one.host()) && s.sequence() <= one.sequence())
          .toList();
    }
    // What a recovery keeps of a new machine does not make it the machine that is recovered.
    Set<String> hosts = all.stream()
        .filter(s -> s.purpose() != Purpose.QUARANTINE)
        .map(Snapshot::host)
        .collect(Collectors.toCollection(TreeSet::new));
    if (hosts.isEmpty()) {
      return List.of();
    }
    String host = host(repository, hosts);
    return all.stream().filter(s -> s.host().equals(host)).toList();
  }

  /**
   * This host, or, where it has no snapshot, as on a new machine, the only other one. What was
   * imported from archives is meant only where there is nothing else.
   */
  private static String host(BackupRepository repository, Set<String> all)
      throws SnapshotNotFoundException {
    if (all.contains(repository.host())) {
      return repository.host();
    }
    Set<String> hosts = new TreeSet<>(all);
    if (hosts.size() > 1) {
      hosts.remove(IMPORTED);
    }
    if (hosts.size() == 1) {
      return hosts.iterator().next();
    }
    throw new SnapshotNotFoundException(
        "repository " + repository.id(),
        "there is no snapshot of host " + repository.host() + ", but of "
            + String.join(", ", hosts),
        "name the host, or the snapshot to restore");
  }

  /**
   * Those that a run may use.
   *
   * @param clean whether somebody was in the system, so that a snapshot also has to hold nothing
   *     suspicious and to be from before
   */
  static GoodSnapshots of(StepRun run, boolean clean) throws IOException {
    BackupRepository repository = run.repository();
    return new GoodSnapshots(
        ofHost(repository, run.options().snapshot()),
        run,
        clean ? Optional.of(repository.figures()) : Optional.empty(),
        underWay(run));
  }

  /**
   * The good ones of a component, the newest first. A snapshot that was named is taken whatever its
   * trust, and only that one.
   */
  List<Snapshot> of(String component) {
    if (named.isPresent()) {
      return snapshots.stream()
          .filter(s -> isNamed(s) && s.component(component).isPresent())
          .toList();
    }
    if (figures.isPresent()) {
      return choice(component).candidates().stream()
          .map(CleanRecoveryPoint.Candidate::snapshot)
          .toList();
    }
    List<Snapshot> good = new ArrayList<>(
        snapshots.stream().filter(s -> s.isGoodFor(component) && isBefore(s)).toList());
    Collections.reverse(good);
    return good;
  }

  private CleanRecoveryPoint.Choice choice(String component) {
    List<Snapshot> holding =
        snapshots.stream().filter(s -> s.component(component).isPresent()).toList();
    return CleanRecoveryPoint.choose(holding, figures.orElseThrow(), before, now);
  }

  /** Why newer snapshots of a component are passed over, one line each. */
  List<String> refused(String component) {
    if (figures.isEmpty() || named.isPresent()) {
      return List.of();
    }
    return choice(component).refused().entrySet().stream()
        .map(r -> "Snapshot " + r.getKey().abbreviated() + " is passed over: " + r.getValue() + ".")
        .toList();
  }

  /** The newest complete one of a component that nobody has looked at yet. */
  Optional<Snapshot> unverified(String component) {
    return snapshots.stream()
        .filter(s -> s.purpose() != Purpose.QUARANTINE
            && s.trust() == Trust.UNVERIFIED
            && isBefore(s)
            && s.component(component)
                .filter(c -> c.status() == BackupStatus.COMPLETE)
                .isPresent())
        .reduce((older, newer) -> newer);
  }

  /** What was captured while somebody was in the system is not to be trusted. */
  private boolean isBefore(Snapshot snapshot) {
    return before.isEmpty() || snapshot.finished().isBefore(before.get());
  }
}
