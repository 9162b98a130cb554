package com.personalaichatbot.dr.core.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The state of some components at one time, as the repository holds it.
 *
 * @param id its name
 * @param sequence its place in the one history of the repository; a later one is greater
 * @param started when its capture began, by the clock of the machine that took it
 * @param finished when its capture ended
 * @param host the machine or installation that it was taken of
 * @param purpose why it was taken
 * @param trust how far it can be relied on
 * @param status INCOMPLETE if anything could not be read, else SHRUNK if a component is, else
 *     COMPLETE
 * @param components what it holds, by name
 * @param files how many files and links it holds
 * @param bytes how long its files are together
 * @param tags words that were given to it
 * @param hold the pin on it, if there is one
 */
public record Snapshot(
    SnapshotId id,
    long sequence,
    Instant started,
    Instant finished,
    String host,
    Purpose purpose,
    Trust trust,
    BackupStatus status,
    List<ComponentState> components,
    long files,
    long bytes,
    List<String> tags,
    Optional<Hold> hold) {

  /** Refuses nulls and keeps copies. */
  public Snapshot {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(started, "started");
    Objects.requireNonNull(finished, "finished");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(purpose, "purpose");
    Objects.requireNonNull(trust, "trust");
    Objects.requireNonNull(status, "status");
    components = List.copyOf(components);
    tags = List.copyOf(tags);
    Objects.requireNonNull(hold, "hold");
  }

  /** The component of this name, if the snapshot holds it. */
  public Optional<ComponentState> component(String name) {
    return components.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /** Whether it holds a component of this name that is SHRUNK and was not accepted. */
  public boolean isShrunk(String name) {
    return component(name).filter(c -> c.status() == BackupStatus.SHRUNK).isPresent();
  }

  /**
   * Whether it can be the latest good one of a component: verified or proven, not QUARANTINE, and
   * complete for that component.
   */
  public boolean isGoodFor(String name) {
    return purpose != Purpose.QUARANTINE
        && trust.isGood()
        && component(name).filter(c -> c.status() == BackupStatus.COMPLETE).isPresent();
  }
}
