package com.personalaichatbot.dr.core.internal.write;

import com.personalaichatbot.dr.core.component.DataSize;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.ComponentStatus;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord.ComponentRecord;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots that a backup compares with: for each component the newest of this host and path
 * that is not SHRUNK, or was accepted. So a volume that is missing for a while is missed by every
 * backup, and nothing is read again when it is back.
 */
public final class Parents {
  private static final Logger log = LoggerFactory.getLogger(Parents.class);

  private final List<CatalogEntry> newestFirst;
  private final Map<Bytes16, History.SnapshotMarks> standings;
  private final String host;
  private final TreeReader trees;

  Parents(History history, String host, TreeReader trees) {
    this.newestFirst = new ArrayList<>(history.snapshots());
    Collections.reverse(newestFirst);
    this.standings = history.standings();
    this.host = host;
    this.trees = trees;
  }

  /**
   * A component as it was in the snapshot before.
   *
   * @param entry its root entry, or null if there is no snapshot before
   * @param started when that snapshot's capture began
   * @param size what must be left of the component that it does not count as SHRUNK: its size in
   *     its last COMPLETE or accepted snapshot, or in a later INCOMPLETE one where that is greater
   */
  public record Parent(TreeEntry entry, Instant started, TreeReader reader, DataSize size) {}

  /** The dictionary that the newest snapshot recommends, if it does. */
  Optional<KeyedId> dictionary() {
    return newestFirst.stream().findFirst().map(e -> e.snapshot().dictionary());
  }

  public Parent of(String component, byte[] path) throws IOException {
    Optional<Before> newest = before(component, path).findFirst();
    return newest.isEmpty()
        ? new Parent(null, Instant.MIN, trees, DataSize.NONE)
        : new Parent(
            root(newest.get().snapshot, component),
            newest.get().snapshot.started(),
            trees,
            size(component, path));
  }

  private DataSize size(String component, byte[] path) {
    DataSize size = DataSize.NONE;
    for (Before before : (Iterable<Before>) before(component, path)::iterator) {
      size = size.max(before.size());
      if (before.isSettled()) {
        break;
      }
    }
    return size;
  }

  /** How many bytes a component had in the snapshot before; empty if none exists. */
  public OptionalLong bytes(String component, byte[] path) {
    return before(component, path).mapToLong(b -> b.component.bytes()).findFirst();
  }

  /** A component in a snapshot before. */
  private record Before(SnapshotRecord snapshot, ComponentRecord component, boolean accepted) {
    boolean isUsable() {
      return accepted || component.status() != ComponentStatus.SHRUNK;
    }

    /** Whether nothing older has to be compared with. */
    boolean isSettled() {
      return accepted || component.status() == ComponentStatus.COMPLETE;
    }

    DataSize size() {
      return new DataSize(component.files(), component.bytes());
    }
  }

  /** What a component was before, newest first, without what is SHRUNK. */
  private Stream<Before> before(String component, byte[] path) {
    return newestFirst.stream()
        .filter(e -> e.snapshot().host().equals(host))
        .filter(e -> Snapshots.countsAsLatest(e.snapshot().purpose()))
        .flatMap(e -> recordOf(component, path, e.snapshot())
            .map(c -> new Before(e.snapshot(), c, isAccepted(e)))
            .stream())
        .filter(Before::isUsable);
  }

  private boolean isAccepted(CatalogEntry entry) {
    return standings.getOrDefault(entry.id(), History.SnapshotMarks.NEW).accepted();
  }

  private static Optional<ComponentRecord> recordOf(
      String component, byte[] path, SnapshotRecord snapshot) {
    return snapshot.components().stream()
        .filter(c -> c.name().equals(component) && Arrays.equals(c.path(), path))
        .findFirst();
  }

  private TreeEntry root(SnapshotRecord snapshot, String component) throws IOException {
    try {
      return trees
          .find(snapshot.root(), component.getBytes(StandardCharsets.UTF_8))
          .orElse(null);
    } catch (CorruptRepositoryException e) {
      log.warn(
          "Cannot compare with the previous snapshot, so every file is read: {}", e.getMessage());
      return null;
    }
  }
}
