package com.personalaichatbot.dr.core.internal.engine.backup;

import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.engine.Snapshots;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord.ComponentRecord;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots that a backup compares with: for each component the newest of this host and path.
 */
final class Parents {
  private static final Logger log = LoggerFactory.getLogger(Parents.class);

  private final List<CatalogEntry> newestFirst;
  private final String host;
  private final TreeReader trees;

  Parents(History history, String host, TreeReader trees) {
    this.newestFirst = history.entries().descendingMap().values().stream()
        .filter(e -> e.snapshot() != null)
        .toList();
    this.host = host;
    this.trees = trees;
  }

  /**
   * What a component was in the snapshot before.
   *
   * @param entry its root entry, or null if there is no snapshot before
   * @param started when that snapshot's capture began
   */
  record Parent(TreeEntry entry, Instant started, TreeReader reader) {}

  /** The dictionary that the newest snapshot recommends, if it does. */
  Optional<KeyedId> dictionary() {
    return newestFirst.stream().findFirst().map(e -> e.snapshot().dictionary());
  }

  Parent of(String component, byte[] path) throws IOException {
    Optional<SnapshotRecord> before =
        snapshots().filter(s -> recordOf(component, path, s).isPresent()).findFirst();
    return before.isEmpty()
        ? new Parent(null, Instant.MIN, trees)
        : new Parent(root(before.get(), component), before.get().started(), trees);
  }

  /** How many bytes a component had in the snapshot before; empty if there is none. */
  OptionalLong bytes(String component, byte[] path) {
    return snapshots()
        .flatMap(s -> recordOf(component, path, s).stream())
        .mapToLong(ComponentRecord::bytes)
        .findFirst();
  }

  private Stream<SnapshotRecord> snapshots() {
    return newestFirst.stream()
        .map(CatalogEntry::snapshot)
        .filter(s -> s.host().equals(host) && Snapshots.countsAsLatest(s.purpose()));
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
      log.warn("The snapshot before cannot be compared with: {}", e.getMessage());
      return null;
    }
  }
}
