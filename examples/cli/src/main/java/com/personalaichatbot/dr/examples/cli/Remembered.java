package com.personalaichatbot.dr.examples.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The memory of the tool of a data directory: {@code DIR/data-HASH} in the state directory, for the
 * owner alone. The hash stands for the path, so that no name is there in clear.
 */
final class Remembered {
  private static final int DIGITS = 16;

  private final Path directory;

  /** Of a data directory, which is found again whatever way it is named. */
  Remembered(Dr dr, Path data) throws IOException {
    String place = real(data).toUri().getRawPath();
    String withoutEnd = place.endsWith("/") ? place.substring(0, place.length() - 1) : place;
    directory = dr.repository.state(dr.environment).resolve("data-" + hash(withoutEnd));
  }

  /**
   * The path of a file, which need not be there; the directories to it are made.
   *
   * @throws CommandException if something else than a plain file has its name: a pipe would make
   *     whoever opens it wait for ever
   */
  Path file(String name) throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] ownerOnly = posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
    Files.createDirectories(directory, ownerOnly);
    Path file = directory.resolve(name);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new CommandException(
          Names.of(file),
          Names.of(file) + ": it is no plain file, and one of this tool belongs there",
          "Move it away, or name another --state DIR.");
    }
    return file;
  }

  private static Path real(Path data) {
    try {
      return data.toRealPath();
    } catch (IOException absent) {
      return data.toAbsolutePath().normalize();
    }
  }

  private static String hash(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] bytes = digest.digest(text.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(bytes).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
