package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import com.personalaichatbot.dr.core.internal.store.PathRules;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Paths on the disk as snapshots name them, NAME/rest, and back, without loss. */
final class SnapshotPath {
  private SnapshotPath() {}

  /** The component that a file belongs to: of several the one that lies deepest. */
  static Optional<Component> componentOf(Path file, List<Component> components) {
    Path real = PathRules.real(file);
    return components.stream()
        .filter(c -> real.startsWith(PathRules.real(c.source().path())))
        .max(Comparator.comparingInt(c -> PathRules.real(c.source().path()).getNameCount()));
  }

  /** How snapshots name a file of a component. */
  static String of(Path file, Component component) {
    Path root = PathRules.real(component.source().path());
    Path real = PathRules.real(file);
    StringBuilder path = new StringBuilder(component.name());
    for (int i = root.getNameCount(); i < real.getNameCount(); i++) {
      path.append('/').append(RawName.display(NativeNames.name(real.getName(i))));
    }
    return path.toString();
  }

  /** Where a file of a component lies. */
  static Path onDisk(String path, Component component) {
    return resolve(component.source().path(), path.substring(component.name().length()));
  }

  /** A relative path in its text form, in a directory. */
  static Path resolve(Path directory, String relative) {
    Path at = directory;
    for (String element : relative.split("/")) {
      byte[] name = RawName.parse(element);
      if (NativeNames.isElement(name)) {
        at = NativeNames.resolve(at, name);
      }
    }
    return at;
  }

  /** The pattern that matches exactly this path. */
  static String pattern(String path) {
    return "/" + path.replace("*", "\\x2a").replace("?", "\\x3f");
  }
}
