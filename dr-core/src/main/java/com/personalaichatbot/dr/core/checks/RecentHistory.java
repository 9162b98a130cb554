package com.personalaichatbot.dr.core.checks;

import com.personalaichatbot.dr.core.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Proofs;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a repository's history says. The checks of one repository run at the same time and all ask
 * the same, so what is not older than a second is not read again.
 */
final class RecentHistory {
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final BackupRepository repository;
  private final Clock clock;
  private Reading last;

  RecentHistory(BackupRepository repository, Clock clock) {
    this.repository = repository;
    this.clock = clock;
  }

  /**
   * One reading.
   *
   * @param snapshots oldest first
   * @param readAt when it was read
   */
  record Reading(List<Snapshot> snapshots, Proofs proofs, Instant readAt) {}

  /** The history as it is now, or was a moment ago. */
  synchronized Reading read() throws IOException {
    Instant now = clock.instant();
    boolean fresh = last != null
        && !now.isBefore(last.readAt)
        && Duration.between(last.readAt, now).compareTo(FRESH) < 0;
    if (!fresh) {
      last = null;
      last = new Reading(repository.snapshots(), repository.proofs(), clock.instant());
    }
    return last;
  }

  /**
   * The snapshots of this host that hold a component. On a machine that never backed up, those of
   * the only other host: that is a new machine, which looks for the data of the old one.
   */
  List<Snapshot> of(String component) throws IOException {
    List<Snapshot> holding = read().snapshots.stream()
        .filter(snapshot -> snapshot.component(component).isPresent())
        .toList();
    Set<String> hosts = holding.stream().map(Snapshot::host).collect(Collectors.toSet());
    if (hosts.size() == 1) {
      return holding;
    }
    return holding.stream().filter(s -> s.host().equals(repository.host())).toList();
  }
}
