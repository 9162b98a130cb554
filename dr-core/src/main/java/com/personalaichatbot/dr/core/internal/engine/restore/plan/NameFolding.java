package com.personalaichatbot.dr.core.internal.engine.restore.plan;

import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.store.Directories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Names that a file system takes for one: it may ignore case, or how a letter is composed, or dots
 * and blanks at the end.
 */
public final class NameFolding {
  /** What is said of an entry whose name is taken for that of another one. */
  public static final String CLASH =
      "the target takes its name for that of another entry of the same directory";

  /** Names are bytes, as on most file systems of Unix. */
  public static final NameFolding NONE = new NameFolding(false, false, false);

  private final boolean ignoresCase;
  private final boolean normalises;
  private final boolean ignoresEnd;

  public NameFolding(boolean ignoresCase, boolean normalises, boolean ignoresEnd) {
    this.ignoresCase = ignoresCase;
    this.normalises = normalises;
    this.ignoresEnd = ignoresEnd;
  }

  /** Asks by making files in an empty directory of ours; it is empty again afterwards. */
  public static NameFolding probe(Path directory) throws IOException {
    return new NameFolding(
        areOne(directory, "probe-a", "PROBE-A"),
        areOne(directory, "probe-\u00e9", "probe-e\u0301"),
        areOne(directory, "probe-a", "probe-a.") || areOne(directory, "probe-a", "probe-a "));
  }

  private static boolean areOne(Path directory, String name, String other) throws IOException {
    Path file;
    Path same;
    try {
      file = directory.resolve(name);
      same = directory.resolve(other);
    } catch (java.nio.file.InvalidPathException e) {
      return false; // The locale has no such letters; names that have them are then raw bytes.
    }
    try {
      Files.createFile(file);
    } catch (FileSystemException e) {
      return false; // Names that have such letters cannot be made, which is listed for each.
    }
    try {
      return Directories.holds(same);
    } finally {
      Files.delete(file);
    }
  }

  /** Whether different names can be one. */
  private boolean isActive() {
    return ignoresCase || normalises || ignoresEnd;
  }

  /** The same text for names that are one. */
  public String key(byte[] name) {
    if (!isActive()) {
      return new String(name, StandardCharsets.ISO_8859_1);
    }
    String key = RawName.display(name);
    if (normalises) {
      key = Normalizer.normalize(key, Normalizer.Form.NFC);
    }
    if (ignoresEnd) {
      key = key.replaceFirst("[. ]+$", "");
    }
    return ignoresCase ? key.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT) : key;
  }
}
