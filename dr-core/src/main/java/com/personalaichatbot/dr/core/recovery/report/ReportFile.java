package com.personalaichatbot.dr.core.recovery.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** Puts a file in its place whole: who reads it sees the old one or the new one. */
final class ReportFile {
  private ReportFile() {}

  /**
   * Writes a page and its JSON twin beside it, for the owner alone.
   *
   * @return the page and its twin
   */
  static List<Path> writeTwins(Path page, String html, String json) throws IOException {
    String name = page.getFileName().toString();
    String stem = name.endsWith(".html") ? name.substring(0, name.length() - 5) : name;
    Path twin = write(page.resolveSibling(stem + ".json"), json, true);
    return List.of(write(page, html, true), twin);
  }

  /**
   * Writes it durably, and makes the directories to it.
   *
   * @param ownerOnly whether nobody else may read it, where the file system knows that
   */
  static Path write(Path file, String text, boolean ownerOnly) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Files.createDirectories(directory);
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes = posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(
              PosixFilePermissions.fromString(ownerOnly ? "rw-------" : "rw-r--r--"))
        }
        : new FileAttribute<?>[0];
    Path temporary = directory.resolve("." + file.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    try {
      try (FileChannel out = FileChannel.open(
          temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
    return file;
  }
}
