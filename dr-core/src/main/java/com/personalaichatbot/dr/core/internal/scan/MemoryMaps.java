package com.personalaichatbot.dr.core.internal.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Files that this process has mapped into its memory, as {@code /proc/self/maps} lists them.
 *
 * <p>The kernel moves the modification time of a file when a page of a writable shared mapping is
 * written for the first time since the page was last clean. Later writes to that page move nothing,
 * for half a minute and longer. So the attributes of such a file prove nothing about its content.
 *
 * <p>Who reads files must know the mappings of a moment less than the two seconds before it that
 * make a file young: a file that was mapped later is written for the first time later, which moves
 * its modification time, so it is young and looked at again. One list serves a batch of files that
 * is opened within a second. Batches do not share one: where the mapping does not move the time
 * even then (a page of a tmpfs that was read before), only the list tells, and the younger it is,
 * the better; of a first backup all readings of it take half a percent of the processor time.
 */
final class MemoryMaps {

  /**
   * One line of the list.
   *
   * @param range the addresses, which no other mapping of this process has at the same time
   * @param files the file by the device and inode that the list names, and, where that can be asked
   *     for, by those that its path has: on some file systems (Btrfs, overlays) they differ
   */
  record Mapping(String range, Set<FileIdentity> files) {}

  private static final Path LIST = FileSystems.getDefault().getPath("/proc/self/maps");
  private static final boolean HAS_LIST = Files.isReadable(LIST);
  private static final String DELETED = " (deleted)";
  private static final int WRITABLE = 1;
  private static final int SHARED = 3;

  private MemoryMaps() {}

  /** Whether this system has such a list. */
  static boolean isKnown() {
    return HAS_LIST;
  }

  /**
   * Returns the files that this process can change through its memory; empty where there is no
   * list.
   */
  static Set<FileIdentity> writableFiles() throws IOException {
    Set<FileIdentity> files = new HashSet<>();
    read(true).forEach(mapping -> files.addAll(mapping.files()));
    return files;
  }

  /** Returns all shared mappings of files; empty where there is no list. */
  static List<Mapping> sharedMappings() throws IOException {
    return read(false);
  }

  /** Reads the shared mappings; looks at bytes, since hardly one of some hundred lines is one. */
  private static List<Mapping> read(boolean onlyWritable) throws IOException {
    List<Mapping> found = new ArrayList<>();
    if (!HAS_LIST) {
      return found;
    }
    byte[] list = Files.readAllBytes(LIST);
    int end;
    for (int begin = 0; begin < list.length; begin = end + 1) {
      end = indexOf(list, '\n', begin);
      int permissions = indexOf(list, ' ', begin) + 1;
      if (permissions + SHARED < end
          && list[permissions + SHARED] == 's'
          && (!onlyWritable || list[permissions + WRITABLE] == 'w')) {
        found.add(parse(new String(list, begin, end - begin, StandardCharsets.ISO_8859_1)));
      }
    }
    return found;
  }

  private static int indexOf(byte[] bytes, char wanted, int from) {
    int at = from;
    while (at < bytes.length && bytes[at] != wanted) {
      at++;
    }
    return at;
  }

  /** Reads {@code range permissions offset major:minor inode path}. */
  static Mapping parse(String line) {
    String[] fields = line.split(" +", 6);
    String[] device = fields[3].split(":");
    long major = Long.parseLong(device[0], 16);
    long minor = Long.parseLong(device[1], 16);
    // As the C library packs them for stat.
    long packed =
        (major & ~0xfffL) << 32 | (major & 0xfff) << 8 | (minor & ~0xffL) << 12 | minor & 0xff;
    Set<FileIdentity> files = new HashSet<>();
    files.add(new FileIdentity(packed, Long.parseLong(fields[4])));
    if (fields.length == 6 && !fields[5].endsWith(DELETED)) {
      addByPath(fields[5], files);
    }
    return new Mapping(fields[0], files);
  }

  private static void addByPath(String text, Set<FileIdentity> files) {
    try {
      if (text.startsWith("/")) {
        byte[] path = text.replace("\\012", "\n").getBytes(StandardCharsets.ISO_8859_1);
        files.add(FileStat.read(NativeNames.path(LIST.getFileSystem(), path)).identity());
      }
    } catch (IOException | IllegalArgumentException e) {
      // Gone, or renamed just now: the device and the inode must do.
      return;
    }
  }
}
