package com.personalaichatbot.dr.core.operation;

import com.personalaichatbot.dr.core.component.Component;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A request for a restore: the snapshot, the components and the place. Immutable; the {@code with}
 * methods return a changed copy.
 *
 * <p>Restored to a directory, a component becomes NAME in it: a directory with all that is below,
 * or a single file. Restored in place, it comes back where it was read from; what is replaced there
 * can be put back until the next restore of that component.
 */
public final class RestoreRequest {
  private final Selector selector;
  private final Optional<Path> directory;
  private final List<String> components;
  private final Map<String, Path> places;
  private final List<String> includes;
  private final Optional<String> host;
  private final boolean overwrite;
  private final boolean deleteExtra;

  private RestoreRequest(
      Selector selector,
      Optional<Path> directory,
      List<String> components,
      Map<String, Path> places,
      List<String> includes,
      Optional<String> host,
      boolean overwrite,
      boolean deleteExtra) {
    this.selector = selector;
    this.directory = directory;
    this.components = components;
    this.places = places;
    this.includes = includes;
    this.host = host;
    this.overwrite = overwrite;
    this.deleteExtra = deleteExtra;
  }

  /**
   * Everything in a snapshot, into a directory.
   *
   * @param selector which snapshot
   * @param directory made if it is not there; a symbolic link is resolved
   * @return the request
   */
  public static RestoreRequest to(Selector selector, Path directory) {
    Objects.requireNonNull(selector, "selector");
    return new RestoreRequest(
        selector,
        Optional.of(directory),
        List.of(),
        Map.of(),
        List.of(),
        Optional.empty(),
        false,
        false);
  }

  /**
   * Everything in a snapshot, where it was read from.
   *
   * @param selector which snapshot
   * @return the request
   */
  public static RestoreRequest inPlace(Selector selector) {
    Objects.requireNonNull(selector, "selector");
    return new RestoreRequest(
        selector, Optional.empty(), List.of(), Map.of(), List.of(), Optional.empty(), true, false);
  }

  /**
   * A restore in place of an application's components, each to where its data lies now.
   *
   * @param selector which snapshot
   */
  public static RestoreRequest inPlace(Selector selector, List<Component> components) {
    RestoreRequest request = inPlace(selector)
        .withComponents(components.stream().map(Component::name).toList());
    for (Component component : components) {
      request = request.withPlace(component.name(), component.source().path());
    }
    return request;
  }

  /**
   * Restores these components only.
   *
   * @param names their names; empty for all that the snapshot holds
   * @return a copy with these components
   */
  public RestoreRequest withComponents(List<String> names) {
    return new RestoreRequest(
        selector, directory, List.copyOf(names), places, includes, host, overwrite, deleteExtra);
  }

  /**
   * Restores a component in place at another path than the recorded one, as on a new machine.
   *
   * @param component its name
   * @param path where the component itself belongs
   * @return a copy with this place
   * @throws IllegalStateException if this request restores to a directory
   */
  public RestoreRequest withPlace(String component, Path path) {
    if (directory.isPresent()) {
      throw new IllegalStateException("a restore to a directory has no places of its own");
    }
    Map<String, Path> more = new HashMap<>(places);
    more.put(Objects.requireNonNull(component), Objects.requireNonNull(path, "path"));
    return new RestoreRequest(
        selector, directory, components, Map.copyOf(more), includes, host, overwrite, deleteExtra);
  }

  /**
   * Restores only what matches one of these patterns, and what lies below a directory that does.
   *
   * @param globs patterns for NAME/rest: without a leading {@code /} they match any trailing run of
   *     elements, with it the whole path; {@code *} stays in one element, {@code **} crosses; empty
   *     for everything
   * @return a copy with these patterns
   * @throws IllegalArgumentException if a pattern is blank
   */
  public RestoreRequest withIncludes(List<String> globs) {
    List<String> copy = List.copyOf(globs);
    if (copy.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("an include is blank");
    }
    return new RestoreRequest(
        selector, directory, components, places, copy, host, overwrite, deleteExtra);
  }

  /**
   * Takes {@link Selector#LATEST} and {@link Selector#LATEST_GOOD} to mean snapshots of this host.
   *
   * @param name a host's name; unless given, the repository's own
   * @return a copy with this host
   */
  public RestoreRequest withHost(String name) {
    return new RestoreRequest(
        selector,
        directory,
        components,
        places,
        includes,
        Optional.of(name),
        overwrite,
        deleteExtra);
  }

  /**
   * Merges into what is there already, replacing files that differ. A restore in place always does.
   *
   * @return a copy that overwrites
   */
  public RestoreRequest withOverwrite() {
    return new RestoreRequest(
        selector, directory, components, places, includes, host, true, deleteExtra);
  }

  /**
   * Also removes what the snapshot does not hold, in the directories that are restored, so that
   * they become as they were. In place it is kept for the undo; from a directory it is gone.
   *
   * @return a copy that deletes
   */
  public RestoreRequest withDeleteExtra() {
    return new RestoreRequest(selector, directory, components, places, includes, host, true, true);
  }

  /**
   * Returns which snapshot is meant.
   *
   * @return the selector
   */
  public Selector selector() {
    return selector;
  }

  /**
   * Returns the directory that is restored to.
   *
   * @return empty for a restore in place
   */
  public Optional<Path> directory() {
    return directory;
  }

  /**
   * Whether components come back where they were read from.
   *
   * @return false for a restore to a directory
   */
  public boolean isInPlace() {
    return directory.isEmpty();
  }

  /**
   * Returns the names of the components.
   *
   * @return empty for all
   */
  public List<String> components() {
    return components;
  }

  /**
   * Returns the components that do not belong at their recorded path.
   *
   * @return paths by name, unmodifiable
   */
  public Map<String, Path> places() {
    return places;
  }

  /**
   * Returns the patterns of what is restored.
   *
   * @return empty for everything
   */
  public List<String> includes() {
    return includes;
  }

  /**
   * Returns the host whose latest snapshot is meant.
   *
   * @return empty for the repository's own
   */
  public Optional<String> host() {
    return host;
  }

  /**
   * Whether files that are there may be replaced.
   *
   * @return true for a restore in place, always
   */
  public boolean overwrite() {
    return overwrite;
  }

  /**
   * Whether what the snapshot does not hold is removed.
   *
   * @return false unless asked for
   */
  public boolean deleteExtra() {
    return deleteExtra;
  }
}
