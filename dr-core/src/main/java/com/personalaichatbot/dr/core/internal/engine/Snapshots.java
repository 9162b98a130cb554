package com.personalaichatbot.dr.core.internal.engine;

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

  /** All snapshots of a history, oldest first. */
  public static List<Snapshot> of(History history) {
    Map<Bytes16, History.Standing> standings = history.standings();
    List<Snapshot> snapshots = new ArrayList<>();
    for (CatalogEntry entry : history.snapshots()) {
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
      long position, Bytes16 id, SnapshotRecord record, History.Standing standing) {
    Optional<Hold> hold = Optional.empty();
    Trust trust = Trust.UNVERIFIED;
    if (standing != null) {
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
        status(record.status()),
        record.components().stream().map(Snapshots::component).toList(),
        record.files(),
        record.bytes(),
        record.tags(),
        hold);
  }

  private static ComponentState component(SnapshotRecord.ComponentRecord component) {
    return new ComponentState(
        component.name(),
        Kind.values()[component.kind()],
        Criticality.values()[component.criticality()],
        RawName.display(component.path()),
        status(component.status()),
        component.files(),
        component.bytes());
  }

  private static BackupStatus status(ComponentStatus status) {
    return status == ComponentStatus.COMPLETE ? BackupStatus.COMPLETE : BackupStatus.INCOMPLETE;
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
