package com.personalaichatbot.dr.core.checks;

import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Proofs;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * A view of a repository's history. The checks of one repository run at the same time and all ask
 * the same, so whoever asks while another reads waits, and those who waited share the next reading.
 * Nobody is given one that began before it asked: what was backed up by then is in it.
 */
final class RecentHistory {
  private final BackupRepository repository;
  private final AtomicLong asked = new AtomicLong();
  private Reading last;
  private long answered;

  RecentHistory(BackupRepository repository) {
    this.repository = repository;
  }

  /**
   * One reading.
   *
   * @param snapshots oldest first
   */
  record Reading(List<Snapshot> snapshots, Proofs proofs) {}

  /** The history as it is now. */
  Reading read() throws IOException {
    long mine = asked.incrementAndGet();
    synchronized (this) {
      if (answered < mine) {
        long all = asked.get();
        last = new Reading(repository.snapshots(), repository.proofs());
        answered = all;
      }
      return last;
    }
  }

  /** How often it was asked for. */
  long asked() {
    return asked.get();
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
