package com.personalaichatbot.dr.core.snapshot;

import com.personalaichatbot.dr.core.component.Kind;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Snapshots for tests of retention: of component {@code data} of host {@code bot}, unless said. */
record Taken(
    long sequence,
    Instant started,
    String host,
    Purpose purpose,
    Trust trust,
    List<ComponentState> components,
    List<String> tags,
    Optional<Hold> hold) {

  static Taken at(long sequence, Instant started) {
    return new Taken(
        sequence,
        started,
        "bot",
        Purpose.SCHEDULED,
        Trust.UNVERIFIED,
        List.of(component("data", BackupStatus.COMPLETE)),
        List.of(),
        Optional.empty());
  }

  static Taken at(long sequence, String started) {
    return at(sequence, Instant.parse(started));
  }

  /** One a text, numbered from 1 on. */
  static List<Snapshot> allAt(String... started) {
    Snapshot[] snapshots = new Snapshot[started.length];
    Arrays.setAll(snapshots, i -> at(i + 1, started[i]).snapshot());
    return List.of(snapshots);
  }

  static ComponentState component(String name, BackupStatus status) {
    return component(name, "/srv/bot/" + name, status);
  }

  static ComponentState component(String name, String path, BackupStatus status) {
    Kind kind = Kind.CUSTOM;
    return new ComponentState(name, kind, kind.criticality(), path, status, 1, 10);
  }

  static SnapshotId id(long sequence) {
    return new SnapshotId(0, sequence);
  }

  Taken of(String newHost) {
    return new Taken(sequence, started, newHost, purpose, trust, components, tags, hold);
  }

  Taken as(Purpose newPurpose) {
    return new Taken(sequence, started, host, newPurpose, trust, components, tags, hold);
  }

  Taken being(Trust newTrust) {
    return new Taken(sequence, started, host, purpose, newTrust, components, tags, hold);
  }

  Taken holding(ComponentState... states) {
    return new Taken(sequence, started, host, purpose, trust, List.of(states), tags, hold);
  }

  Taken tagged(String... newTags) {
    return new Taken(sequence, started, host, purpose, trust, components, List.of(newTags), hold);
  }

  Taken held() {
    return heldBy(new Hold(Optional.empty()));
  }

  Taken heldUntil(String until) {
    return heldBy(new Hold(Optional.of(Instant.parse(until))));
  }

  Taken heldBy(Hold newHold) {
    return new Taken(
        sequence, started, host, purpose, trust, components, tags, Optional.of(newHold));
  }

  Snapshot snapshot() {
    BackupStatus status = BackupStatus.COMPLETE;
    for (ComponentState component : components) {
      if (component.status() == BackupStatus.INCOMPLETE || status == BackupStatus.COMPLETE) {
        status = component.status();
      }
    }
    return new Snapshot(
        id(sequence),
        sequence,
        started,
        started,
        host,
        purpose,
        trust,
        status,
        components,
        components.size(),
        10L * components.size(),
        tags,
        hold);
  }
}
