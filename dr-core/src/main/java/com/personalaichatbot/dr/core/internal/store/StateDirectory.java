package com.personalaichatbot.dr.core.internal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Small files that are replaced as a whole, in a directory that only the user can read, or in
 * memory where there is no directory. Thread-safe.
 */
public final class StateDirectory {
  private static final long MAX_FILE = 16 << 20;

  private final Path directory;
  private final Map<String, byte[]> memory = new HashMap<>();

  private StateDirectory(Path directory) {
    this.directory = directory;
  }

  /** Keeps files in a directory, which is made when the first is written. */
  public static StateDirectory at(Path directory) {
    return new StateDirectory(directory.toAbsolutePath().normalize());
  }

  /** Forgets everything with the process. */
  public static StateDirectory inMemory() {
    return new StateDirectory(null);
  }

  /** Where it lies, unless it is kept in memory. */
  public Optional<Path> path() {
    return Optional.ofNullable(directory);
  }

  /** The bytes of a file, if there is one. */
  public synchronized Optional<byte[]> read(String name) throws IOException {
    if (directory == null) {
      return Optional.ofNullable(memory.get(name)).map(byte[]::clone);
    }
    Path file = directory.resolve(name);
    try {
      if (Files.size(file) > MAX_FILE) {
        throw new IOException(file + " is longer than any file of the state can be");
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Replaces a file; its bytes are durable on return. */
  public synchronized void write(String name, byte[] bytes) throws IOException {
    if (directory == null) {
      memory.put(name, bytes.clone());
      return;
    }
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    Files.createDirectories(directory, permissions(posix, "rwx------"));
    Path temporary = directory.resolve(name + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel out = FileChannel.open(
          temporary,
          Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
          permissions(posix, "rw-------"))) {
        var buffer = java.nio.ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          out.write(buffer);
        }
        out.force(true);
      }
      Files.move(
          temporary,
          directory.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
    if (posix) {
      try (FileChannel self = FileChannel.open(directory, StandardOpenOption.READ)) {
        self.force(true);
      }
    }
  }

  private static FileAttribute<?>[] permissions(boolean posix, String permissions) {
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
