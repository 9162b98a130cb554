package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.RemovedSnapshot;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The argument that names a snapshot: an id, a unique prefix of one, {@code latest} or
 * {@code latest-good}.
 */
final class SnapshotArgument {
  static final String LABEL = "SNAPSHOT";
  static final String DESCRIPTION = "An id, a unique prefix of one, latest or latest-good.";

  private SnapshotArgument() {}

  /** What the argument means. */
  static Selector selector(BackupRepository repository, String text) throws IOException {
    if (text.equals(Selector.LATEST.toString())) {
      return Selector.LATEST;
    }
    if (text.equals(Selector.LATEST_GOOD.toString())) {
      return Selector.LATEST_GOOD;
    }
    return Selector.of(byPrefix(repository, text));
  }

  /** The snapshot that is used of each component; those in which it is SHRUNK are named. */
  static Map<String, SnapshotId> choose(
      RepositoryCommand command,
      BackupRepository repository,
      Selector selector,
      List<String> components)
      throws IOException {
    Map<String, SnapshotId> chosen = repository.choose(selector, components);
    for (Snapshot snapshot : repository.snapshots()) {
      chosen.forEach((name, id) -> {
        if (snapshot.id().equals(id) && snapshot.isShrunk(name)) {
          command.warn("component " + name + " is SHRUNK in snapshot " + id
              + ": most of its data was gone when it was taken; name an older snapshot, or"
              + " latest-good");
        }
      });
    }
    return chosen;
  }

  /** The snapshot in which to look for NAME/rest. */
  static SnapshotId holding(
      RepositoryCommand command, BackupRepository repository, String text, String path)
      throws IOException {
    Selector selector = selector(repository, text);
    if (selector.id().isPresent()) {
      return selector.id().get();
    }
    String component = component(path);
    return choose(command, repository, selector, List.of(component)).get(component);
  }

  /** The component that NAME/rest begins with. */
  static String component(String path) {
    String rest = path.startsWith("/") ? path.substring(1) : path;
    return rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : rest;
  }

  /** The one snapshot that the argument means, the newest of them if components differ. */
  static SnapshotId one(BackupRepository repository, String text) throws IOException {
    Selector selector = selector(repository, text);
    return selector.id().isPresent()
        ? selector.id().get()
        : newest(repository, repository.choose(selector, List.of()).values());
  }

  /** The newest of some snapshots, removed ones included. */
  static SnapshotId newest(BackupRepository repository, Collection<SnapshotId> ids)
      throws IOException {
    return Stream.concat(
            repository.snapshotsAsFound().stream(),
            repository.removedSnapshots().stream().map(RemovedSnapshot::snapshot))
        .filter(snapshot -> ids.contains(snapshot.id()))
        .max(Comparator.comparingLong(Snapshot::sequence))
        .orElseThrow()
        .id();
  }

  /** A snapshot whose entry cannot be read must not seem to be gone. */
  private static void requireWhole(BackupRepository repository, String text) throws IOException {
    List<String> problems = repository.history().damagedEntries();
    if (!problems.isEmpty()) {
      throw new CorruptRepositoryException(
          "snapshot '" + text + "'",
          "is not among those that can be read, and the history is damaged: " + problems.get(0),
          "run dr verify, and heal the repository from a copy: dr heal COPY");
    }
  }

  private static SnapshotId byPrefix(BackupRepository repository, String text) throws IOException {
    String prefix = text.toLowerCase(Locale.ROOT);
    Stream<Snapshot> all = Stream.concat(
        repository.snapshotsAsFound().stream(),
        repository.removedSnapshots().stream().map(RemovedSnapshot::snapshot));
    List<SnapshotId> matches = all.map(Snapshot::id)
        .filter(id -> !prefix.isEmpty() && id.toString().startsWith(prefix))
        .toList();
    if (matches.isEmpty()) {
      requireWhole(repository, text);
    }
    if (matches.size() != 1) {
      throw new SnapshotNotFoundException(
          "snapshot '" + text + "'",
          matches.isEmpty()
              ? "nothing has that name"
              : matches.size() + " snapshots begin with that",
          "list the snapshots with dr snapshots (--removed for those that were removed), and give one's"
              + " id");
    }
    return matches.get(0);
  }
}
