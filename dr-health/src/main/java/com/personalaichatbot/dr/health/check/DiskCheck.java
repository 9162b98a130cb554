package com.personalaichatbot.dr.health.check;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Status;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The use of a path's volume: 80 % is a warning that is left below 75 %, 90 % is critical and left
 * below 85 %: a share of the volume, so that a small one can be healthy. The percentage is that of
 * {@code df}: used / (used + usable), since blocks reserved for the system help nobody. A path that
 * is gone, or that suddenly lies on another volume because its own is no longer mounted, is DOWN.
 *
 * <p>The JVM cannot count inodes; that they have run out is noticed by a {@link WritableCheck} of a
 * directory on the volume.
 */
public final class DiskCheck implements HealthCheck {

  /** The figures of a volume. */
  record Space(String volume, long total, long unallocated, long usable) {}

  /** Asks for the volume of a path. */
  interface Probe {
    Space space(Path path) throws IOException;
  }

  private final Path path;
  private final Level level;
  private final long floor;
  private final Probe probe;
  private String volume;

  DiskCheck(Path path, Level level, long floor, Probe probe) {
    this.path = path;
    this.level = level;
    this.floor = floor;
    this.probe = probe;
  }

  /**
   * Checks the volume of a path with the usual thresholds.
   *
   * @param path a file or directory on the volume
   * @return the check
   */
  public static DiskCheck of(Path path) {
    return of(path, DiskCheck::ask);
  }

  static DiskCheck of(Path path, Probe probe) {
    return new DiskCheck(path, new Level(80, 75, 90, 85), 0, probe);
  }

  /**
   * Checks the volume of a path with other thresholds, each left again 5 points below.
   *
   * @param path a file or directory on the volume
   * @param warning percent for DEGRADED
   * @param critical percent for DOWN
   * @param floorBytes usable bytes below which it is DOWN whatever the percentage; 0 for none
   * @return the check
   * @throws IllegalArgumentException unless 0 &lt; warning &lt; critical &lt;= 100 and the floor is
   *     not negative
   */
  public static DiskCheck of(Path path, double warning, double critical, long floorBytes) {
    Level.percentages(warning, critical);
    if (floorBytes < 0) {
      throw new IllegalArgumentException("the floor is negative: " + floorBytes);
    }
    Level level = new Level(warning, warning - 5, critical, critical - 5);
    return new DiskCheck(path, level, floorBytes, DiskCheck::ask);
  }

  @Override
  public CheckSettings settings() {
    return CheckSettings.DEFAULT.every(Duration.ofMinutes(1)).in(Health.CAPACITY);
  }

  private static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    return failure instanceof AccessDeniedException ? "permission denied" : failure.getMessage();
  }

  @Override
  public CheckResult check() {
    Space space;
    try {
      space = probe.space(path);
    } catch (IOException gone) {
      return CheckResult.down(
          "PATH_MISSING", path + " cannot be reached: " + reason(gone), "mount the volume");
    }
    String before = volume == null ? space.volume : volume;
    volume = before;
    if (!before.equals(space.volume)) {
      return CheckResult.down(
          "VOLUME_CHANGED",
          path + " was on the volume " + before + " and is now on " + space.volume,
          "mount the volume again, or restart to accept the new one");
    }
    return judge(space);
  }

  private CheckResult judge(Space space) {
    long used = space.total - space.unallocated;
    if (used + space.usable <= 0) {
      return CheckResult.unknown("NO_FIGURE", "the volume of " + path + " does not tell its size");
    }
    double percent = Level.round(100.0 * used / (used + space.usable));
    String text = path + " " + percent + " % used, " + (space.usable >> 20) + " MiB left";
    Status status = level.at(percent);
    boolean belowFloor = space.usable < floor;
    CheckResult result = belowFloor || status == Status.DOWN
        ? CheckResult.down(
            belowFloor ? "DISK_FLOOR" : "DISK_CRITICAL", text, "free space now, or backups fail")
        : status == Status.DEGRADED
            ? CheckResult.degraded("DISK_WARNING", text, "free space or enlarge the volume")
            : CheckResult.up(text);
    return result
        .with("usedPercent", percent)
        .with("usableBytes", space.usable)
        .with("totalBytes", space.total)
        .with("volume", space.volume);
  }

  private static Space ask(Path path) throws IOException {
    FileStore store = Files.getFileStore(path.toRealPath());
    return new Space(
        store.toString(),
        store.getTotalSpace(),
        store.getUnallocatedSpace(),
        store.getUsableSpace());
  }
}
