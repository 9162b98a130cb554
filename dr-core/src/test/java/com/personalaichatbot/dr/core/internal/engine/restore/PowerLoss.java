package com.personalaichatbot.dr.core.internal.engine.restore;

import com.personalaichatbot.dr.core.internal.engine.restore.exchange.TargetFiles;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A power failure at one call that changes the disk, and what a disk may keep then: names that were
 * not forced are gone, or back; bytes that were not forced are gone, zero or torn. A rename is
 * atomic, and everything keeps its inode. Not thread-safe.
 */
final class PowerLoss {
  static final List<FileCall> CHANGING = List.of(
      FileCall.OPEN,
      FileCall.WRITE,
      FileCall.FORCE,
      FileCall.SET_ATTRIBUTES,
      FileCall.CREATE_DIRECTORY,
      FileCall.LINK,
      FileCall.SYMBOLIC_LINK,
      FileCall.MOVE,
      FileCall.COPY,
      FileCall.DELETE);

  /** The part that the disk keeps of that which was not forced. */
  enum Loss {
    /** Everything, as when the process is killed. */
    NOTHING,
    /** No name and no byte. */
    NAMES_AND_BYTES,
    /** All names, and no byte. */
    BYTES,
    /** All names, and zeros for bytes. */
    BYTES_ARE_ZERO,
    /** Names as they were some calls before, and for each file something else. */
    SOMETHING,
    /** The same once more. */
    SOMETHING_ELSE
  }

  private static final int MOST_CALLS_BEFORE = 8;

  private final FaultyFileSystem files;
  private final Path top;
  private final Path attic;
  private final Map<Object, Path> deleted = new HashMap<>();
  private final Map<String, Object> lastKeys = new HashMap<>();
  private final Map<Object, byte[]> forcedBytes = new HashMap<>();
  private final Map<Object, Map<String, Node>> forcedNames = new HashMap<>();
  private final int call;
  private final Loss loss;
  private final Random random;
  private final int before;
  private Map<Object, Map<String, Node>> namesBefore;
  private int calls;

  /** The target of a name. */
  private record Node(
      Object key,
      boolean directory,
      Path linkTarget,
      byte[] bytes,
      Set<PosixFilePermission> permissions,
      FileTime modified) {}

  /**
   * Fails every call from one on; all that is there now counts as forced.
   *
   * @param call the number of calls that still have their effect
   */
  PowerLoss(FaultyFileSystem files, Path top, int call, Loss loss) throws IOException {
    this.files = files;
    this.top = top;
    this.attic = Files.createDirectory(top.resolveSibling(top.getFileName() + ".attic"));
    this.call = call;
    this.loss = loss;
    this.random = new Random(31L * call + loss.ordinal());
    this.before = loss == Loss.SOMETHING || loss == Loss.SOMETHING_ELSE
        ? random.nextInt(MOST_CALLS_BEFORE)
        : 0;
    look(top).forEach((key, names) -> {
      forcedNames.put(key, new TreeMap<>(names));
      names.values().forEach(node -> forcedBytes.put(node.key, node.bytes));
    });
    for (FileCall kind : CHANGING) {
      files
          .fail(kind)
          .of(name -> name.startsWith(top.toString()) && passes(kind, name))
          .with(() -> new IOException("the power has failed"));
    }
  }

  int calls() {
    return calls;
  }

  private boolean passes(FileCall kind, String name) {
    try {
      if (calls++ >= call) {
        return true;
      }
      Path path = Path.of(name);
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        lastKeys.put(name, key(path));
      }
      if (kind == FileCall.FORCE) {
        force(name);
        namesBefore = null;
      } else if (calls >= call - before && namesBefore == null) {
        namesBefore = look(top);
      }
      if (kind == FileCall.DELETE || kind == FileCall.MOVE) {
        keep(path);
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  /** Keeps what goes now, for the disk may still have it later; something else goes instead. */
  private void keep(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        || !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
            && (Integer) Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS) > 1) {
      return;
    }
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> names = Files.list(path)) {
        if (names.findAny().isPresent()) {
          return; // It does not go.
        }
      }
    }
    Object key = key(path);
    FileTime above = Files.getLastModifiedTime(path.getParent());
    Path kept = Files.move(path, attic.resolve("deleted" + deleted.size()));
    deleted.put(key, kept);
    if (Files.isDirectory(kept, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(path);
    } else {
      Files.createFile(path);
    }
    Files.setLastModifiedTime(path.getParent(), above);
  }

  private void force(String name) throws IOException {
    Object key = lastKeys.get(name);
    Map<Object, Map<String, Node>> now = look(top);
    if (now.containsKey(key)) {
      forceNames(key, now);
      return;
    }
    for (Map<String, Node> names : now.values()) {
      for (Node node : names.values()) {
        if (node.key.equals(key)) {
          forcedBytes.put(key, node.bytes);
        }
      }
    }
  }

  /** Forces the names in a directory, and the other halves of the renames that they are part of. */
  private void forceNames(Object key, Map<Object, Map<String, Node>> now) {
    Map<String, Node> names = new TreeMap<>(now.get(key));
    Map<String, Node> old = forcedNames.getOrDefault(key, Map.of());
    forcedNames.put(key, names);
    for (Node came : names.values()) {
      forcedNames.forEach((other, its) -> {
        if (!other.equals(key)) {
          its.entrySet()
              .removeIf(e -> e.getValue().key.equals(came.key)
                  && !leads(now.get(other), e.getKey(), came.key));
        }
      });
    }
    old.forEach((name, went) -> {
      if (!leads(names, name, went.key)) {
        now.forEach((other, its) -> its.forEach((itsName, node) -> {
          if (node.key.equals(went.key)) {
            forcedNames.computeIfAbsent(other, k -> new TreeMap<>()).put(itsName, node);
          }
        }));
      }
    });
  }

  private static boolean leads(Map<String, Node> names, String name, Object key) {
    return names != null && names.containsKey(name) && names.get(name).key.equals(key);
  }

  /** Returns the names in each directory, by its key. */
  private static Map<Object, Map<String, Node>> look(Path top) throws IOException {
    Map<Object, Map<String, Node>> all = new HashMap<>();
    look(top, all);
    return all;
  }

  private static void look(Path directory, Map<Object, Map<String, Node>> all) throws IOException {
    Map<String, Node> names = new TreeMap<>();
    all.put(key(directory), names);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        BasicFileAttributes attributes =
            Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        boolean link = attributes.isSymbolicLink();
        names.put(
            entry.getFileName().toString(),
            new Node(
                attributes.fileKey(),
                attributes.isDirectory(),
                link ? Files.readSymbolicLink(entry) : null,
                attributes.isRegularFile() ? Files.readAllBytes(entry) : null,
                Files.getPosixFilePermissions(entry, LinkOption.NOFOLLOW_LINKS),
                attributes.lastModifiedTime()));
        if (attributes.isDirectory()) {
          look(entry, all);
        }
      }
    }
  }

  /** Turns the power on again: makes of the directory what the disk kept. */
  void recover() throws IOException {
    files.heal();
    Map<Object, Map<String, Node>> now = look(top);
    Map<Object, Map<String, Node>> kept = switch (loss) {
      case NAMES_AND_BYTES -> forcedNames;
      case SOMETHING, SOMETHING_ELSE -> namesBefore == null ? now : namesBefore;
      default -> now;
    };
    Map<Object, byte[]> bytes = new HashMap<>();
    for (Map<String, Node> names : kept.values()) {
      names.values().forEach(node -> bytes.put(node.key, node.bytes));
    }
    for (Map<String, Node> names : now.values()) {
      names.values().forEach(node -> bytes.put(node.key, node.bytes));
    }
    Map<Object, Path> moved = new HashMap<>(deleted);
    for (Map.Entry<Object, Path> entry : deleted.entrySet()) {
      if (Files.isRegularFile(entry.getValue(), LinkOption.NOFOLLOW_LINKS)) {
        bytes.put(entry.getKey(), Files.readAllBytes(entry.getValue()));
      }
    }
    empty(top, attic, moved);
    fill(top, key(top), kept, bytes, moved);
    TargetFiles.removeTree(attic);
  }

  private static void empty(Path directory, Path attic, Map<Object, Path> moved)
      throws IOException {
    List<Path> entries;
    try (Stream<Path> names = Files.list(directory)) {
      entries = names.toList();
    }
    for (Path entry : entries) {
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        empty(entry, attic, moved);
      }
      Object key = key(entry);
      if (moved.containsKey(key)) {
        Files.delete(entry);
      } else {
        FileTime time = Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS);
        Path place = Files.move(entry, attic.resolve(Integer.toString(moved.size())));
        moved.put(key, place);
        if (!Files.isSymbolicLink(place)) {
          Files.setLastModifiedTime(place, time);
        }
      }
    }
  }

  private void fill(
      Path directory,
      Object key,
      Map<Object, Map<String, Node>> kept,
      Map<Object, byte[]> bytes,
      Map<Object, Path> moved)
      throws IOException {
    for (Map.Entry<String, Node> entry : kept.getOrDefault(key, Map.of()).entrySet()) {
      Node node = entry.getValue();
      Path path = directory.resolve(entry.getKey());
      Path there = moved.get(node.key);
      if (there != null && there.startsWith(top)) {
        if (!node.directory) {
          Files.createLink(path, there);
        }
        continue;
      }
      if (there != null) {
        Files.move(there, path);
      } else if (node.linkTarget != null) {
        Files.createSymbolicLink(path, node.linkTarget);
      } else if (node.directory) {
        Files.createDirectory(path);
        Files.setPosixFilePermissions(path, node.permissions);
      } else {
        Files.createFile(path);
        Files.setPosixFilePermissions(path, node.permissions);
      }
      moved.put(node.key, path);
      if (node.directory) {
        fill(path, node.key, kept, bytes, moved);
        Files.setLastModifiedTime(path, node.modified);
      } else if (node.linkTarget == null) {
        byte[] left = left(forcedBytes.get(node.key), bytes.get(node.key));
        if (!Arrays.equals(left, Files.readAllBytes(path))) {
          Files.write(path, left);
        }
        Files.setLastModifiedTime(path, node.modified);
      }
    }
  }

  private byte[] left(byte[] forced, byte[] written) {
    byte[] safe = forced == null ? new byte[0] : forced;
    if (Arrays.equals(safe, written)) {
      return safe;
    }
    return switch (loss) {
      case NOTHING -> written;
      case NAMES_AND_BYTES, BYTES -> safe;
      case BYTES_ARE_ZERO -> zeros(safe, written);
      default ->
        switch (random.nextInt(4)) {
          case 0 -> written;
          case 1 -> safe;
          case 2 -> zeros(safe, written);
          default -> {
            byte[] torn = written.clone();
            Arrays.fill(
                torn, Math.min(torn.length, (safe.length + torn.length) / 2), torn.length, (byte)
                    0);
            yield torn;
          }
        };
    };
  }

  private static byte[] zeros(byte[] safe, byte[] written) {
    return Arrays.copyOf(safe, written.length);
  }
}
