package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The places of a repository's components on this machine: at their path relative to what their
 * paths had in common when they were backed up, under the data directory. So a new machine needs
 * nothing but the repository and its passphrase.
 */
public final class Layout {
  /** What tells a directory of the original application's layout. */
  private static final Set<String> LANDMARKS = Set.of(".env", "config", "conversations");

  private Layout() {}

  /**
   * The components of the snapshots that a recovery may use, the newest of each name, the critical
   * ones first.
   *
   * @param named the snapshot to restore, if one was named
   * @param data absolute
   */
  public static List<Component> components(
      BackupRepository repository, Optional<SnapshotId> named, Path data) throws IOException {
    Map<String, ComponentState> newest = new LinkedHashMap<>();
    Map<String, Snapshot> holder = new LinkedHashMap<>();
    for (Snapshot snapshot : GoodSnapshots.ofHost(repository, named)) {
      boolean isNamed = named.equals(Optional.of(snapshot.id()));
      if (isNamed || snapshot.purpose() != Purpose.QUARANTINE) {
        for (ComponentState component : snapshot.components()) {
          newest.put(component.name(), component);
          holder.put(component.name(), snapshot);
        }
      }
    }
    List<String> common = common(newest.values().stream()
        .filter(c -> !c.path().isEmpty())
        .map(c -> elements(c.path()))
        .toList());
    if (newest.size() == 1) {
      ComponentState only = newest.values().iterator().next();
      if (isDataDirectory(repository, holder.get(only.name()), only)) {
        common = elements(only.path());
      }
    }
    List<Component> components = new ArrayList<>();
    for (ComponentState state : newest.values()) {
      components.add(Component.at(state.name(), state.kind(), place(state, common, data))
          .withCriticality(state.criticality()));
    }
    if (named.isPresent()) {
      // Of the others it is only known where they belong.
      components.removeIf(c -> !named.equals(Optional.of(holder.get(c.name()).id())));
    }
    components.sort(Comparator.comparing(Component::criticality).thenComparing(Component::name));
    return components;
  }

  private static List<String> elements(String path) {
    String separated = path.indexOf('/') < 0 ? path.replace('\\', '/') : path;
    return Arrays.stream(separated.split("/")).filter(e -> !e.isEmpty()).toList();
  }

  /** What all of these paths begin with; of a single one, the directory that it lies in. */
  private static List<String> common(List<List<String>> paths) {
    if (paths.isEmpty()) {
      return List.of();
    }
    List<String> common = paths.get(0);
    if (paths.size() == 1) {
      return common.subList(0, Math.max(0, common.size() - 1));
    }
    for (List<String> path : paths) {
      int same = 0;
      while (same < common.size()
          && same < path.size()
          && common.get(same).equals(path.get(same))) {
        same++;
      }
      common = common.subList(0, same);
    }
    return common;
  }

  private static Path place(ComponentState state, List<String> common, Path data) {
    if (state.path().isEmpty()) {
      return data.resolve(usualPlace(state));
    }
    List<String> own = elements(state.path());
    return SnapshotPath.resolve(data, String.join("/", own.subList(common.size(), own.size())));
  }

  /** Where data that came from an archive belongs, which knows no path: by its kind. */
  private static String usualPlace(ComponentState state) {
    return switch (state.kind()) {
      case CONFIG -> "config";
      case SECRETS -> ".env";
      case CONVERSATIONS -> "conversations";
      case LOGS -> "logs";
      case STATE -> "state";
      case CUSTOM -> state.name();
    };
  }

  /** A component that is a whole data directory stands for the data directory itself. */
  private static boolean isDataDirectory(
      BackupRepository repository, Snapshot snapshot, ComponentState component) throws IOException {
    if (component.kind() != Kind.CUSTOM || component.path().isEmpty()) {
      return false;
    }
    AtomicBoolean found = new AtomicBoolean();
    int prefix = component.name().length() + 1;
    repository.list(snapshot.id(), component.name(), entry -> {
      if (entry.path().length() > prefix && LANDMARKS.contains(entry.path().substring(prefix))) {
        found.set(true);
      }
    });
    return found.get();
  }
}
