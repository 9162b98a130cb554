package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Directories of this user that do not let him write, and are made to for a while: a snapshot may
 * hold such directories, and what a restore brought it must be able to replace. Closing gives them
 * their permissions back. Not thread-safe.
 */
final class WritableDirectories implements Closeable {
  private static final Set<PosixFilePermission> NEEDED =
      Set.of(PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

  private final Way way;
  private final Map<Path, Set<PosixFilePermission>> before = new LinkedHashMap<>();

  /** Says how a directory is reached just now. */
  @FunctionalInterface
  interface Way {
    Path access(Path directory) throws IOException;
  }

  WritableDirectories(Way way) {
    this.way = way;
  }

  /** Lets this user write in a directory, if that is his to allow; else a write there will fail. */
  void open(Path directory) {
    if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try {
      Path access = way.access(directory);
      if (Files.isWritable(access)) {
        return;
      }
      Set<PosixFilePermission> now = Files.getPosixFilePermissions(access);
      Set<PosixFilePermission> wider = EnumSet.copyOf(NEEDED);
      wider.addAll(now);
      if (!wider.equals(now)) {
        Files.setPosixFilePermissions(access, wider);
        before.putIfAbsent(directory, now);
      }
    } catch (IOException e) {
      // Of another user, or on a disk that nobody may write to.
    }
  }

  /** Takes note that a directory has got the permissions that it is to keep. */
  void isSet(Path directory) {
    before.remove(directory);
  }

  /** Gives all of them their permissions back. */
  @Override
  public void close() {
    List<Path> opened = new ArrayList<>(before.keySet());
    for (int i = opened.size() - 1; i >= 0; i--) {
      Path directory = opened.get(i);
      try {
        Files.setPosixFilePermissions(way.access(directory), before.get(directory));
      } catch (IOException e) {
        // It is gone, as a directory that was replaced is.
      }
    }
    before.clear();
  }
}
