package com.personalaichatbot.dr.core.internal.scan;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's view of this process's record locks and descriptors. */
final class ProcessLocks {

  private ProcessLocks() {}

  static boolean isLocked(Path file) throws IOException {
    long pid = ProcessHandle.current().pid();
    long inode = (Long) Files.getAttribute(file, "unix:ino");
    // 1: POSIX  ADVISORY  WRITE 1234 fe:00:131073 0 EOF
    return Files.readAllLines(Path.of("/proc/locks")).stream()
        .map(line -> line.trim().split("\\s+"))
        .anyMatch(field -> field[1].equals("POSIX")
            && Long.parseLong(field[4]) == pid
            && field[5].endsWith(":" + inode));
  }

  static int descriptors(Path file) throws IOException {
    Object inode = Files.getAttribute(file, "unix:ino");
    Object device = Files.getAttribute(file, "unix:dev");
    int found = 0;
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        if (Files.exists(descriptor)
            && Files.getAttribute(descriptor, "unix:ino").equals(inode)
            && Files.getAttribute(descriptor, "unix:dev").equals(device)) {
          found++;
        }
      }
    }
    return found;
  }
}
