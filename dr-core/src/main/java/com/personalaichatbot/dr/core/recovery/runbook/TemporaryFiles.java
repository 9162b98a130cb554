package com.personalaichatbot.dr.core.recovery.runbook;

import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.store.Directories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An application's own temporary directories, each with a marker that says which process made it.
 * So what a process that was killed has left can be told from what a living one uses, and from what
 * only has a similar name. Immutable.
 */
public final class TemporaryFiles {
  private static final String MARKER = ".owner";
  private static final int MAX_MARKER = 128;
  private static final Path PROC = Path.of("/proc");

  /** Place of the start time among the fields of /proc/PID/stat behind the name; see proc(5). */
  private static final int START_TICKS = 19;

  private final Path parent;
  private final String prefix;
  private final Clock clock;

  private TemporaryFiles(Path parent, String prefix, Clock clock) {
    this.parent = parent;
    this.prefix = prefix;
    this.clock = clock;
  }

  /**
   * Those of this machine's temporary directory whose names begin with
   * {@code personal-ai-chatbot-}.
   */
  public static TemporaryFiles ofChatbot(Clock clock) {
    return of(Path.of(System.getProperty("java.io.tmpdir")), "personal-ai-chatbot-", clock);
  }

  /**
   * Those of a directory.
   *
   * @param parent where they lie
   * @param prefix what their names begin with, at least 4 characters
   * @param clock tells their age
   * @throws IllegalArgumentException if the prefix is too short
   */
  public static TemporaryFiles of(Path parent, String prefix, Clock clock) {
    if (prefix.length() < 4) {
      throw new IllegalArgumentException("a prefix has at least 4 characters: " + prefix);
    }
    return new TemporaryFiles(
        Objects.requireNonNull(parent, "parent"), prefix, Objects.requireNonNull(clock, "clock"));
  }

  /**
   * Makes a directory of this process, with its marker.
   *
   * @param purpose a word in its name
   * @throws IOException if it cannot be made
   */
  public Path create(String purpose) throws IOException {
    Path directory = Files.createTempDirectory(parent, prefix + purpose + "-");
    ProcessHandle self = ProcessHandle.current();
    Files.writeString(directory.resolve(MARKER), self.pid() + " " + began(self));
    return directory;
  }

  /**
   * What tells a process from others that have its number at another time. On Linux the boot and
   * the ticks from there to its start: the instant of its start is computed from the clock, and is
   * another one after the clock was set.
   */
  private static String began(ProcessHandle process) {
    try {
      String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
      Path file = PROC.resolve(process.pid() + "/stat");
      String stat = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
      return boot + "/" + Long.parseLong(fields[START_TICKS]);
    } catch (IOException | IndexOutOfBoundsException | NumberFormatException notLinux) {
      return process.info().startInstant().map(Instant::toString).orElse("-");
    }
  }

  /**
   * The removed files, and those that were left with the reason.
   *
   * @param removed directories and files that are gone
   * @param left one line each for what has the prefix and was not removed
   */
  public record Cleared(List<Path> removed, List<String> left) {
    /** Keeps copies. */
    public Cleared {
      removed = List.copyOf(removed);
      left = List.copyOf(left);
    }
  }

  /**
   * Removes what no living process uses: what is marked by a process that has ended, and what bears
   * no marker, belongs to this user and was not changed for a while. Links are not followed.
   *
   * @param age how long something without a marker must have been left alone
   * @throws IOException if the directory cannot be listed; what was removed is gone
   */
  public Cleared clear(Duration age) throws IOException {
    List<Path> removed = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (Path one : Directories.list(parent)) {
      if (!one.getFileName().toString().startsWith(prefix)) {
        continue;
      }
      Optional<String> reason = reasonToKeep(one, age);
      if (reason.isPresent()) {
        left.add(one.getFileName() + " is left: " + reason.get());
      } else {
        try {
          TargetDirectories.deleteTree(one);
          removed.add(one);
        } catch (IOException e) {
          left.add(one.getFileName() + " could not be removed: " + Failures.message(e));
        }
      }
    }
    return new Cleared(removed, left);
  }

  private Optional<String> reasonToKeep(Path one, Duration age) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(one, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isSymbolicLink()) {
        return Optional.of("it is a link");
      }
      UserPrincipal owner = Files.getOwner(one, LinkOption.NOFOLLOW_LINKS);
      if (!owner.equals(self())) {
        return Optional.of("it belongs to " + owner.getName());
      }
      Path marker = one.resolve(MARKER);
      Optional<String[]> maker = maker(marker);
      if (maker.isPresent()) {
        return isAlive(maker.get())
            ? Optional.of("the process that made it is alive")
            : Optional.empty();
      }
      FileTime changed = newest(one, attributes.lastModifiedTime());
      return changed.toInstant().isAfter(clock.instant().minus(age))
          ? Optional.of("it bears no marker, and was changed at " + changed)
          : Optional.empty();
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.of("it cannot be looked at: " + e.getClass().getSimpleName());
    }
  }

  /** The user that files of this process belong to. */
  private UserPrincipal self() throws IOException {
    Path probe = Files.createTempFile(parent, "." + prefix, ".tmp");
    try {
      return Files.getOwner(probe);
    } finally {
      Files.delete(probe);
    }
  }

  /**
   * The number of the process that made a directory and when it began; empty without a marker, or
   * while it is being written.
   */
  private static Optional<String[]> maker(Path marker) throws IOException {
    if (!Directories.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS)
        || Files.size(marker) > MAX_MARKER) {
      return Optional.empty();
    }
    String[] parts = Files.readString(marker).strip().split(" ");
    return parts.length == 2 && parts[0].matches("[0-9]{1,18}")
        ? Optional.of(parts)
        : Optional.empty();
  }

  /** A number may have been given to another process since; that one began at another time. */
  private static boolean isAlive(String[] maker) {
    return ProcessHandle.of(Long.parseLong(maker[0]))
        .filter(ProcessHandle::isAlive)
        .filter(p -> began(p).equals(maker[1]))
        .isPresent();
  }

  private static FileTime newest(Path root, FileTime own) throws IOException {
    FileTime[] newest = {own};
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.lastModifiedTime().compareTo(newest[0]) > 0) {
          newest[0] = attributes.lastModifiedTime();
        }
        return FileVisitResult.CONTINUE;
      }
    });
    return newest[0];
  }
}
