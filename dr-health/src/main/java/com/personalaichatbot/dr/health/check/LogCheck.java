package com.personalaichatbot.dr.health.check;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Weight;
import com.personalaichatbot.dr.health.internal.file.OwnLocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * The findings in an application's log: how many ERROR lines were added since the last look, and
 * whether the file grows without being rotated. More than 5 errors a minute, or more than 100 MiB,
 * are DEGRADED. The first look only remembers where the log ends.
 *
 * <p>When the file was rotated in between, it is another file, or shorter than it was. Then the
 * rest of the old one is read from {@code NAME.1} if it is that file. The new one is read from its
 * beginning. A run reads at most 16 MiB; what is more is skipped and said so.
 */
public final class LogCheck implements HealthCheck {

  private static final long MAX_READ = 16L << 20;
  private static final long LARGE = 100L << 20;
  private static final double ERRORS_A_MINUTE = 5;
  private static final Pattern ERROR =
      Pattern.compile("(?:^|[\\s\\[|])(?:ERROR|CRITICAL|FATAL|SEVERE)(?:[\\s\\]|:]|$)");

  private final Path file;
  private final LongSupplier nanoTime;
  private Object key;
  private long position = -1;
  private long lookedAt;

  private LogCheck(Path file, LongSupplier nanoTime) {
    this.file = file;
    this.nanoTime = nanoTime;
  }

  /**
   * Checks a log.
   *
   * @param file the log; lines are text with the level as a word
   * @return the check
   */
  public static LogCheck of(Path file) {
    return of(file, System::nanoTime);
  }

  /**
   * Checks a log by another clock.
   *
   * @param file the log
   * @param nanoTime elapsed time, as of {@link System#nanoTime()}
   * @return the check
   */
  public static LogCheck of(Path file, LongSupplier nanoTime) {
    return new LogCheck(file, nanoTime);
  }

  @Override
  public CheckSettings settings() {
    return CheckSettings.DEFAULT.every(Duration.ofMinutes(1)).weight(Weight.IMPORTANT);
  }

  @Override
  public CheckResult check() throws IOException {
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException missing) {
      // What lies below a file is "not a directory" to older JDKs, and missing to newer ones.
      return Files.isRegularFile(file.toAbsolutePath().getParent())
          ? unreadable()
          : CheckResult.up(file + " does not exist yet");
    } catch (FileSystemException closed) {
      return unreadable();
    }
    if (!now.isRegularFile()) {
      return CheckResult.unknown("NO_LOG", file + " is not a file");
    }
    if (!Files.isReadable(file)) {
      return unreadable();
    }
    try {
      new OwnLocks().require(file);
    } catch (OwnLocks.InUseException locked) {
      return CheckResult.unknown("IN_USE", file + " was not looked at: " + locked.getReason());
    }
    long time = nanoTime.getAsLong();
    Count count = new Count();
    boolean first = position < 0;
    boolean rotated = !first && (!Objects.equals(key, now.fileKey()) || now.size() < position);
    if (rotated) {
      readRest(count);
      position = 0;
    }
    position = first ? now.size() : count.read(file, position);
    double minutes = Math.max(1.0 / 60, (time - lookedAt) / 60e9);
    double rate = first ? 0 : count.errors / minutes;
    key = now.fileKey();
    lookedAt = time;
    return judge(rate, now.size())
        .with("errors", count.errors)
        .with("errorsPerMinute", Level.round(rate))
        .with("bytes", now.size())
        .with("rotated", rotated)
        .with("skippedBytes", count.skipped)
        .with("lastWritten", now.lastModifiedTime().toInstant());
  }

  private CheckResult unreadable() {
    return CheckResult.down("LOG_UNREADABLE", file + " cannot be read", "check its mode and owner");
  }

  private CheckResult judge(double rate, long size) {
    if (rate > ERRORS_A_MINUTE) {
      return CheckResult.degraded(
          "LOG_ERRORS", Level.round(rate) + " errors a minute in " + file, "read the log");
    }
    return size > LARGE
        ? CheckResult.degraded(
            "LOG_LARGE", file + " has " + (size >> 20) + " MiB", "set up the rotation of logs")
        : CheckResult.up(file + " has " + Level.round(rate) + " errors a minute");
  }

  private void readRest(Count count) throws IOException {
    Path old = file.resolveSibling(file.getFileName() + ".1");
    try {
      BasicFileAttributes attributes = Files.readAttributes(old, BasicFileAttributes.class);
      if (key != null && key.equals(attributes.fileKey()) && attributes.isRegularFile()) {
        count.read(old, position);
      }
    } catch (NoSuchFileException gone) {
      // Rotated away for good: what it still said is lost, as it is for everybody.
    }
  }

  /** Counts errors in whole lines; half a line at the end is left for the next look. */
  private static final class Count {
    long errors;
    long skipped;

    long read(Path file, long from) throws IOException {
      try (SeekableByteChannel channel = Files.newByteChannel(file)) {
        long size = channel.size();
        long begin = Math.max(from, size - MAX_READ);
        skipped += begin - from;
        channel.position(begin);
        return begin + lines(channel, size - begin);
      }
    }

    private long lines(SeekableByteChannel channel, long length) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
      long done = 0;
      long read = 0;
      while (read < length) {
        int n = channel.read(buffer);
        if (n < 0) {
          break;
        }
        read += n;
        int whole = lastLineEnd(buffer);
        boolean full = whole == 0 && !buffer.hasRemaining();
        int use = full ? buffer.position() : whole;
        // Without the zeros, words in UTF-16 are words in ASCII.
        String text =
            new String(buffer.array(), 0, use, StandardCharsets.ISO_8859_1).replace("\0", "");
        errors += text.lines().filter(line -> ERROR.matcher(line).find()).count();
        done += use;
        buffer.flip().position(use);
        buffer.compact();
      }
      return done;
    }

    private static int lastLineEnd(ByteBuffer buffer) {
      for (int i = buffer.position(); i > 0; i--) {
        if (buffer.get(i - 1) == '\n') {
          return i;
        }
      }
      return 0;
    }
  }
}
