package com.personalaichatbot.dr.core.internal.session;

import com.personalaichatbot.dr.core.component.Criticality;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.BytesWriter;
import com.personalaichatbot.dr.core.internal.format.ComponentStatus;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.Hold;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns what the history records into the values that users see, and back. */
public final class Snapshots {
  /** Whose snapshots the imported ones are. */
  public static final String IMPORTED = "imported";

  private Snapshots() {}

  /** The snapshots in the list of a history, oldest first: those that were not removed. */
  public static List<Snapshot> of(History history) {
    return of(history, history.snapshots());
  }

  /** All snapshots of a history, oldest first, removed ones included. */
  public static List<Snapshot> all(History history) {
    return of(history, history.allSnapshots());
  }

  private static List<Snapshot> of(History history, List<CatalogEntry> entries) {
    Map<Bytes16, History.SnapshotMarks> standings = history.standings();
    List<Snapshot> snapshots = new ArrayList<>();
    for (CatalogEntry entry : entries) {
      snapshots.add(of(entry.position(), entry.id(), entry.snapshot(), standings.get(entry.id())));
    }
    return snapshots;
  }

  /** The name of an entry's snapshot. */
  public static SnapshotId id(Bytes16 id) {
    return new SnapshotId(id.high(), id.low());
  }

  /** The name of a snapshot's entry. */
  public static Bytes16 id(SnapshotId id) {
    return new Bytes16(id.high(), id.low());
  }

  /** A snapshot as its record and the marks on it describe it; {@code standing} may be null. */
  public static Snapshot of(
      long position, Bytes16 id, SnapshotRecord record, History.SnapshotMarks standing) {
    Optional<Hold> hold = Optional.empty();
    Trust trust = Trust.UNVERIFIED;
    boolean accepted = false;
    if (standing != null) {
      accepted = standing.accepted();
      trust = Trust.values()[standing.trust()];
      if (standing.held()) {
        long until = standing.heldUntil();
        hold = Optional.of(
            new Hold(until == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(until))));
      }
    }
    return new Snapshot(
        id(id),
        position,
        record.started(),
        record.finished(),
        record.host(),
        Purpose.values()[record.purpose()],
        trust,
        status(record, record.status(), accepted),
        components(record, accepted),
        record.files(),
        record.bytes(),
        record.tags(),
        hold);
  }

  private static List<ComponentState> components(SnapshotRecord record, boolean accepted) {
    return record.components().stream()
        .map(component -> new ComponentState(
            component.name(),
            Kind.values()[component.kind()],
            Criticality.values()[component.criticality()],
            RawName.display(component.path()),
            status(record, component.status(), accepted),
            component.files(),
            component.bytes()))
        .toList();
  }

  /**
   * The status that is shown. A SHRUNK component may lack what could not be read as well, and does
   * not say so itself; accepting it makes nothing complete in a snapshot that lacks something.
   */
  private static BackupStatus status(
      SnapshotRecord record, ComponentStatus status, boolean accepted) {
    return switch (status) {
      case INCOMPLETE -> BackupStatus.INCOMPLETE;
      case COMPLETE -> BackupStatus.COMPLETE;
      case SHRUNK -> {
        if (!accepted) {
          yield BackupStatus.SHRUNK;
        }
        yield record.status() == ComponentStatus.INCOMPLETE
            ? BackupStatus.INCOMPLETE
            : BackupStatus.COMPLETE;
      }
    };
  }

  /** The path that a snapshot records: none where it means nothing outside its file system. */
  public static byte[] recordedPath(Session session, Path path) {
    return path.getFileSystem() == session.fileSystem() ? rawPath(path) : new byte[0];
  }

  /** The raw bytes of an absolute path. */
  public static byte[] rawPath(Path path) {
    BytesWriter raw = new BytesWriter();
    for (Path element : path.toAbsolutePath().normalize()) {
      raw.u8('/').raw(NativeNames.name(element));
    }
    return raw.toBytes();
  }

  /** Whether a snapshot of this purpose may be the parent or the latest of anything. */
  public static boolean countsAsLatest(int purpose) {
    return purpose != Purpose.QUARANTINE.ordinal();
  }
}
