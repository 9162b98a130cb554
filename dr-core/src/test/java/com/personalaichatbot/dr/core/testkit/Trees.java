package com.personalaichatbot.dr.core.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Makes and compares trees of files, by nothing but the file system's own calls, so that what it
 * says of a backup or restore does not depend on the code that made it.
 *
 * <p>Compared are bytes of names, types, content, permission bits, modification times in
 * nanoseconds of files and directories, targets of symbolic links, and which files are hard links
 * of one another. Not compared are other times, owners, and where files have holes.
 */
public final class Trees {
  private static final String[] WORDS =
      "hello how are you the model of a conversation is saved and will be restored when asked"
          .split(" ");

  private Trees() {}

  /** The compared parts of one entry. */
  private record Entry(Path path, String type, int mode, FileTime time, Object identity) {}

  /**
   * Says where two trees differ.
   *
   * @param expected root of one tree; its own name does not count
   * @param actual root of the other
   * @return a line for each difference, empty if none exists
   * @throws IOException if one of them cannot be read
   */
  public static List<String> differences(Path expected, Path actual) throws IOException {
    Map<String, Entry> left = entries(expected);
    Map<String, Entry> right = entries(actual);
    TreeSet<String> names = new TreeSet<>(left.keySet());
    names.addAll(right.keySet());
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      String shown = name.isEmpty() ? "." : name;
      if (!right.containsKey(name)) {
        differences.add(shown + " is missing");
      } else if (!left.containsKey(name)) {
        differences.add(shown + " is too many");
      } else {
        compare(shown, left.get(name), right.get(name), differences);
      }
    }
    compareLinks(left, right, differences);
    return differences;
  }

  private static void compare(String name, Entry left, Entry right, List<String> differences)
      throws IOException {
    if (!left.type.equals(right.type)) {
      differences.add(name + " is a " + right.type + ", not a " + left.type);
      return;
    }
    switch (left.type) {
      case "symbolic link" -> {
        String wanted = text(Files.readSymbolicLink(left.path));
        String found = text(Files.readSymbolicLink(right.path));
        if (!wanted.equals(found)) {
          differences.add(name + " points to " + found + ", not to " + wanted);
        }
        return;
      }
      case "file" -> {
        long at = Files.mismatch(left.path, right.path);
        if (at >= 0) {
          differences.add(name + " has other content from byte " + at);
        }
      }
      default -> {}
    }
    if (left.mode != right.mode) {
      differences.add(name
          + " has mode "
          + Integer.toOctalString(right.mode)
          + ", not "
          + Integer.toOctalString(left.mode));
    }
    if (!left.time.equals(right.time)) {
      differences.add(name + " was modified at " + right.time + ", not at " + left.time);
    }
  }

  private static void compareLinks(
      Map<String, Entry> left, Map<String, Entry> right, List<String> differences) {
    Map<Object, String> leftFirst = new HashMap<>();
    Map<Object, String> rightFirst = new HashMap<>();
    left.forEach((name, entry) -> {
      Entry other = right.get(name);
      if (other == null || !entry.type.equals("file") || !other.type.equals("file")) {
        return;
      }
      String wanted = first(leftFirst, entry, name);
      String found = first(rightFirst, other, name);
      if (!wanted.equals(found)) {
        differences.add(name + " is one file with " + found + ", not with " + wanted);
      }
    });
  }

  private static String first(Map<Object, String> first, Entry entry, String name) {
    return entry.identity == null ? name : first.computeIfAbsent(entry.identity, i -> name);
  }

  private static Map<String, Entry> entries(Path root) throws IOException {
    Map<String, Entry> entries = new TreeMap<>();
    addEntries("", root, entries);
    return entries;
  }

  private static void addEntries(String name, Path path, Map<String, Entry> entries)
      throws IOException {
    boolean unix = path.getFileSystem().supportedFileAttributeViews().contains("unix");
    String wanted = unix ? "unix:*" : "basic:*";
    Map<String, Object> values = Files.readAttributes(path, wanted, LinkOption.NOFOLLOW_LINKS);
    String type = Objects.equals(values.get("isRegularFile"), true)
        ? "file"
        : Objects.equals(values.get("isDirectory"), true)
            ? "directory"
            : Objects.equals(values.get("isSymbolicLink"), true) ? "symbolic link" : "special file";
    int mode = unix ? (int) values.get("mode") & 07777 : 0;
    FileTime time = (FileTime) values.get("lastModifiedTime");
    entries.put(name, new Entry(path, type, mode, time, values.get("fileKey")));
    if (type.equals("directory")) {
      try (Stream<Path> children = Files.list(path)) {
        for (Path child : (Iterable<Path>) children::iterator) {
          addEntries(name.isEmpty() ? raw(child) : name + "/" + raw(child), child, entries);
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }

  /** The name with every byte that is no plain letter or digit as %XX, whatever the locale. */
  private static String raw(Path path) {
    String uri = path.toUri().getRawPath();
    int end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
    return uri.substring(uri.lastIndexOf('/', end - 1) + 1, end);
  }

  private static String text(Path target) {
    Path root = target.getFileSystem().getRootDirectories().iterator().next();
    return (target.isAbsolute() ? "/" : "")
        + root.resolve(target).toUri().getRawPath().substring(1);
  }

  /**
   * Fills a directory with files like those of a chatbot: some hundred bytes of text each, in
   * directories of twenty.
   *
   * @param root the directory, which is made if it is not there
   * @param files how many
   * @param seed the same seed gives the same names and content
   * @throws IOException if they cannot be written
   */
  public static void scatter(Path root, int files, long seed) throws IOException {
    Random random = new Random(seed);
    Files.createDirectories(root);
    for (int i = 0; i < files; i++) {
      Path directory = files <= 20 ? root : Files.createDirectories(root.resolve("d" + i / 20));
      Files.writeString(
          directory.resolve("conversation-" + i + ".json"),
          text(random, 100 + random.nextInt(1800)));
    }
  }

  /**
   * Text that compresses as conversations do.
   *
   * @param random where it comes from
   * @param length in characters, all of which are one byte in UTF-8
   * @return the text
   */
  public static String text(Random random, int length) {
    StringBuilder text = new StringBuilder(length + 16);
    while (text.length() < length) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    text.setLength(length);
    return text.toString();
  }

  /**
   * Sets the modification time of a file or directory, so that it is long ago for a backup.
   *
   * @param path the file
   * @param time the time
   * @throws IOException if it cannot be set
   */
  public static void touch(Path path, Instant time) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(time));
  }
}
