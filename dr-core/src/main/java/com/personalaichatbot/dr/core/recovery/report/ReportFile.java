package com.personalaichatbot.dr.core.recovery.report;

import com.personalaichatbot.dr.core.internal.store.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
    DurableFile.replace(
        file,
        text.getBytes(StandardCharsets.UTF_8),
        ownerOnly ? DurableFile.OWNER : DurableFile.EVERYBODY);
    return file;
  }
}
