package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.scan.HeldDirectory;
import com.personalaichatbot.dr.core.internal.scan.HeldFile;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import com.personalaichatbot.dr.core.internal.store.Directories;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Files and directories of a target, made, forced and removed where they are. */
public final class TargetFiles {
  private TargetFiles() {}

  /** How many elements a place has. */
  public static int elements(byte[] place) {
    int slashes = 0;
    for (byte b : place) {
      slashes += b == '/' ? 1 : 0;
    }
    return 1 + slashes;
  }

  /** The path of a place, of which {@code base} stands for the first elements. */
  public static Path resolve(Path base, byte[] place, int elements) {
    Path path = base;
    int element = 0;
    for (int from = 0; from <= place.length; element++) {
      int to = from;
      while (to < place.length && place[to] != '/') {
        to++;
      }
      if (element >= elements) {
        path = NativeNames.resolve(path, Arrays.copyOfRange(place, from, to));
      }
      from = to + 1;
    }
    return path;
  }

  /** Permissions for something new, where the file system has such. */
  public static FileAttribute<?>[] permissions(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  @FunctionalInterface
  public interface Step {
    void run() throws IOException;
  }

  /**
   * Does something in a directory of the user's that is not to show in its time, if possible, also
   * where the directory does not let its owner write.
   */
  public static void inDirectory(Path directory, Step step) throws IOException {
    FileTime time = Files.getLastModifiedTime(directory);
    try (WritableDirectories writable = new WritableDirectories(path -> path)) {
      writable.open(directory);
      step.run();
    } finally {
      try {
        if (!Files.getLastModifiedTime(directory).equals(time)) {
          Files.setLastModifiedTime(directory, time);
        }
      } catch (IOException e) {
        // Of another user, who lets us write there all the same.
      }
    }
  }

  /** Makes the content and the attributes of a file durable. */
  public static void forceFile(Path file) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    try (FileChannel channel =
        FileChannel.open(file, posix ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      throw HeldDirectory.naming(file, e);
    }
  }

  /** Makes the names in a directory durable, on a disk of a Unix: others cannot open one. */
  public static void force(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      } catch (IOException e) {
        throw HeldDirectory.naming(directory, e);
      }
    }
  }

  /** Removes a directory with all that is in it, if it is there. */
  public static void removeTree(Path directory) throws IOException {
    List<Path> directories = new ArrayList<>();
    try {
      for (Path entry : Directories.list(directory)) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          directories.add(entry);
        } else {
          Files.delete(entry);
        }
      }
    } catch (NoSuchFileException e) {
      return;
    }
    for (Path below : directories) {
      removeTree(below);
    }
    Files.delete(directory);
  }

  /** The SHA-256 of a file. */
  public static byte[] digest(Path file) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file, HeldFile.links(file))) {
      for (int count; (count = in.read(buffer)) > 0; ) {
        digest.update(buffer, 0, count);
      }
    } catch (IOException e) {
      throw HeldDirectory.naming(file, e);
    }
    return digest.digest();
  }
}
