package com.personalaichatbot.dr.health.internal.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The files that this process holds a lock on. POSIX drops every lock of a process on a file when
 * the process closes any descriptor of it. So a check that runs inside an application and reads a
 * file that the application has locked would take that lock away. Such a file is not opened.
 *
 * <p>Which files those are is asked of the kernel where it tells, on Linux, at most once in 20 ms.
 * A lock that is taken while a file is being read is not seen. Files are told apart by their number
 * alone, since the kernel and the JDK do not agree on the number of every volume; one too many is
 * spared then. Thread-safe.
 */
public final class OwnLocks {
  private static final Path LOCKS = Path.of("/proc/locks");
  private static final long FRESH_NANOS = 20_000_000;
  private static final int PID = 4;
  private static final int FILE = 5;

  private final String pid = Long.toString(ProcessHandle.current().pid());
  private Set<Long> files = Set.of();
  private long askedAt = System.nanoTime() - FRESH_NANOS;

  /** Says that a file is locked by this process, and so was not opened. */
  public static final class InUseException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    InUseException(Path file) {
      super(file.toString(), null, "this process holds a lock on it, which reading it would drop");
    }
  }

  /**
   * Refuses a file that must not be opened.
   *
   * @throws InUseException if this process holds a lock on it
   */
  public void require(Path file) throws IOException {
    Set<Long> held = held();
    if (!held.isEmpty()
        && file.getFileSystem() == FileSystems.getDefault()
        && Files.getAttribute(file, "unix:ino") instanceof Long number
        && held.contains(number)) {
      throw new InUseException(file);
    }
  }

  private synchronized Set<Long> held() throws IOException {
    long now = System.nanoTime();
    if (now - askedAt >= FRESH_NANOS) {
      files = ask();
      askedAt = now;
    }
    return files;
  }

  /** Lines are: number, POSIX, ADVISORY, WRITE, process, volume:volume:file, start, end. */
  private Set<Long> ask() throws IOException {
    if (!Files.isReadable(LOCKS)) {
      return Set.of();
    }
    Set<Long> numbers = new HashSet<>();
    for (String line : Files.readAllLines(LOCKS)) {
      String[] words = line.replace("-> ", "").strip().split("\\s+");
      if (words.length > FILE && words[1].equals("POSIX") && words[PID].equals(pid)) {
        numbers.add(Long.parseLong(words[FILE].substring(words[FILE].lastIndexOf(':') + 1)));
      }
    }
    return numbers;
  }
}
