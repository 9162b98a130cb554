package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads what names a component on the command line. */
final class ComponentSpec {
  private ComponentSpec() {}

  /** Reads all that were given, specs first, and refuses none, and two of one name. */
  static List<Component> parseAll(List<String> specs, List<String> paths) {
    List<Component> components = new ArrayList<>();
    specs.forEach(spec -> components.add(parse(spec)));
    paths.forEach(path -> components.add(path(path)));
    if (components.isEmpty()) {
      throw new IllegalArgumentException("nothing to back up: give --component SPEC or PATH");
    }
    Set<String> names = new HashSet<>();
    for (Component component : components) {
      if (!names.add(component.name())) {
        throw new IllegalArgumentException(
            "two components are named '" + component.name() + "'; write KIND:NAME=PATH");
      }
    }
    return components;
  }

  /**
   * {@code KIND:NAME=PATH}, {@code KIND=PATH} or a bare {@code PATH}. What has no {@code =}, or has
   * its first one in a later element, is a path; so is anything that begins with {@code ./}.
   */
  static Component parse(String spec) {
    int equals = spec.indexOf('=');
    String head = spec.substring(0, Math.max(equals, 0));
    int colon = head.indexOf(':');
    String kind = colon < 0 ? head : head.substring(0, colon);
    if (equals < 0 || kind.indexOf('/') >= 0) {
      return path(spec);
    }
    String path = spec.substring(equals + 1);
    String name = colon < 0 ? lastElement(path) : head.substring(colon + 1);
    return component(name, kind(kind, spec), path);
  }

  private static Component path(String path) {
    return component(lastElement(path), Kind.CUSTOM, path);
  }

  private static Component component(String name, Kind kind, String path) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("component '" + name + "' has an empty path");
    }
    return Component.at(name, kind, Path.of(path));
  }

  private static Kind kind(String text, String spec) {
    for (Kind kind : Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(text)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("'"
        + text
        + "' in '"
        + spec
        + "' is no kind: use config, secrets, conversations, logs, state or custom; a path that"
        + " holds '=' is written ./PATH");
  }

  /** The last element as it was given: neither resolved nor made absolute. */
  private static String lastElement(String path) {
    Path name = Path.of(path).getFileName();
    if (name == null || Set.of("", ".", "..").contains(name.toString())) {
      throw new IllegalArgumentException(
          "'" + path + "' does not say what the component is called; write KIND:NAME=PATH");
    }
    return name.toString();
  }
}
