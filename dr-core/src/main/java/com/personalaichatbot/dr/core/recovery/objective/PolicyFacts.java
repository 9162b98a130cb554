package com.personalaichatbot.dr.core.recovery.objective;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.operation.ListedKey;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.storage.Storage;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The facts of the place where a policy is kept, as far as its linter asks. Immutable.
 *
 * @param repository the place of the repository, as a person would name it
 * @param onVolumeOf names of the components that lie on the volume of the repository
 * @param copies places of copies that can be reached and lie on another volume than all components
 *     and the repository, or on no volume of this machine
 * @param copiesNear places of copies that lie on a volume of one of them
 * @param keySlots how many key slots are live; 0 where the application keeps the root key
 * @param durations how long a backup usually takes, by component; none where nothing is known
 */
public record PolicyFacts(
    String repository,
    List<String> onVolumeOf,
    List<String> copies,
    List<String> copiesNear,
    int keySlots,
    Map<String, Duration> durations) {
  private static final int USUAL = 8;

  /** Refuses nulls and keeps copies. */
  public PolicyFacts {
    Objects.requireNonNull(repository, "repository");
    onVolumeOf = List.copyOf(onVolumeOf);
    copies = List.copyOf(copies);
    copiesNear = List.copyOf(copiesNear);
    durations = Map.copyOf(durations);
  }

  /**
   * Finds out what is the case on this machine, now.
   *
   * @param copyStorages where copies of the repository are written; what cannot be reached or holds
   *     none does not count. They stay the caller's
   * @throws IOException if the repository cannot be read
   */
  public static PolicyFacts of(
      BackupRepository repository, List<Component> components, List<Storage> copyStorages)
      throws IOException {
    var state = repository.probe();
    Optional<FileStore> own = state.directory().flatMap(PolicyFacts::volume);
    List<FileStore> near = new ArrayList<>(own.stream().toList());
    List<String> onVolumeOf = new ArrayList<>();
    for (Component component : components) {
      Optional<FileStore> volume = volume(component.source().path());
      volume.ifPresent(near::add);
      if (own.isPresent() && volume.equals(own)) {
        onVolumeOf.add(component.name());
      }
    }
    List<String> copies = new ArrayList<>();
    List<String> copiesNear = new ArrayList<>();
    for (Storage storage : copyStorages) {
      if (isCopy(repository, storage)) {
        Optional<FileStore> volume = storage.localPath().flatMap(PolicyFacts::volume);
        boolean apart = volume.isEmpty() || !near.contains(volume.get());
        (apart ? copies : copiesNear).add(storage.location());
      }
    }
    return new PolicyFacts(
        state.location(),
        onVolumeOf,
        copies,
        copiesNear,
        (int) repository.keys().list().stream()
            .filter(key -> key.kind() != ListedKey.Kind.UNREADABLE)
            .count(),
        durations(repository.snapshots(), components));
  }

  private static boolean isCopy(BackupRepository repository, Storage storage) {
    try {
      repository.copies().state(storage);
      return true;
    } catch (IOException away) {
      return false; // Whether it should be there is asked by another check.
    }
  }

  /** The volume that a path lies on, or would; empty where that cannot be told. */
  private static Optional<FileStore> volume(Path path) {
    for (Path at = path.toAbsolutePath(); at != null; at = at.getParent()) {
      try {
        return Optional.of(Files.getFileStore(at));
      } catch (IOException missing) {
        continue;
      }
    }
    return Optional.empty();
  }

  private static Map<String, Duration> durations(
      List<Snapshot> snapshots, List<Component> components) {
    Map<String, Duration> durations = new HashMap<>();
    for (Component component : components) {
      List<Duration> all = snapshots.stream()
          .filter(s -> s.component(component.name()).isPresent())
          .map(s -> Duration.between(s.started(), s.finished()))
          .filter(duration -> !duration.isNegative())
          .toList();
      List<Duration> recent = all.subList(Math.max(0, all.size() - USUAL), all.size()).stream()
          .sorted()
          .toList();
      if (!recent.isEmpty()) {
        durations.put(component.name(), recent.get(recent.size() / 2));
      }
    }
    return durations;
  }
}
