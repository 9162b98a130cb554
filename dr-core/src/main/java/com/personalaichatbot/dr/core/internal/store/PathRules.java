package com.personalaichatbot.dr.core.internal.store;

import java.io.IOException;
import java.nio.file.Path;

/** Relations between places, links resolved as far as there is something. */
public final class PathRules {
  private PathRules() {}

  /** The real path as far as it exists. */
  public static Path real(Path place) {
    Path absolute = place.toAbsolutePath().normalize();
    for (Path at = absolute; at != null; at = at.getParent()) {
      try {
        return at.toRealPath().resolve(at.relativize(absolute)).normalize();
      } catch (IOException e) {
        continue;
      }
    }
    return absolute;
  }

  /** Whether a place is another one, or lies in it. */
  public static boolean isWithin(Path inner, Path outer) {
    Path real = real(outer);
    return real.getFileSystem() == real(inner).getFileSystem() && real(inner).startsWith(real);
  }

  /** Names a place exactly, whatever its bytes, and whether or not something is there. */
  public static String name(Path place) {
    String uri = real(place).toUri().toString();
    return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
  }
}
