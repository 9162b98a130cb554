package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks Linux which paths are mount points; elsewhere none is known to be. */
final class MountPoints {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int FIELD = 4;

  private MountPoints() {}

  /** Whether something is mounted at this very path, as a file can be by a bind mount. */
  static boolean contains(Path path) {
    try {
      Path parent = path.toAbsolutePath().getParent();
      // Which may be reached through what is held open.
      String wanted = parent == null
          ? path.toString()
          : parent.toRealPath().resolve(path.getFileName()).toString();
      for (String line : Files.readAllLines(TABLE, StandardCharsets.ISO_8859_1)) {
        String[] fields = line.split(" ", FIELD + 2);
        if (fields.length > FIELD && unescape(fields[FIELD]).equals(wanted)) {
          return true;
        }
      }
    } catch (IOException e) {
      return false;
    }
    return false;
  }

  /** Blank, tab, line feed and backslash appear as three octal digits. */
  private static String unescape(String field) {
    byte[] bytes = field.getBytes(StandardCharsets.ISO_8859_1);
    byte[] result = new byte[bytes.length];
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\\' && i + 3 < bytes.length) {
        result[length++] = (byte) Integer.parseInt(field.substring(i + 1, i + 4), 8);
        i += 3;
      } else {
        result[length++] = bytes[i];
      }
    }
    return new String(result, 0, length, StandardCharsets.UTF_8);
  }
}
