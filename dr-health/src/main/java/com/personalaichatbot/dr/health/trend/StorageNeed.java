package com.personalaichatbot.dr.health.trend;

import java.time.Duration;

/**
 * The room that backups need: all of the data once, and what changes during the time that snapshots
 * are kept.
 *
 * @param dataBytes the size of the data today
 * @param growthPerDay by how many bytes it grows in a day; negative if it shrinks
 * @param changedPerDay how many bytes are new or changed in a day
 * @param kept how long the oldest snapshot is kept
 * @param storedShare how many bytes are stored for a byte of data, after compression; above 0
 */
public record StorageNeed(
    double dataBytes,
    double growthPerDay,
    double changedPerDay,
    Duration kept,
    double storedShare) {

  /**
   * Checks the figures.
   *
   * @param dataBytes the size of the data today
   * @param growthPerDay by how many bytes it grows in a day
   * @param changedPerDay how many bytes are new or changed in a day
   * @param kept how long the oldest snapshot is kept
   * @param storedShare how many bytes are stored for a byte of data
   * @throws IllegalArgumentException if a size, a change or the time is negative, or the share is
   *     not above 0
   */
  public StorageNeed {
    if (dataBytes < 0 || changedPerDay < 0 || kept.isNegative() || !(storedShare > 0)) {
      throw new IllegalArgumentException("sizes and times are not negative, the share is above 0");
    }
  }

  /**
   * The room needed after some days.
   *
   * @param days from today, 0 or more
   * @return bytes
   */
  public double bytesAfter(double days) {
    double data = Math.max(0, dataBytes + growthPerDay * days);
    double keptDays = kept.toSeconds() / 86_400.0;
    return storedShare * (data + changedPerDay * keptDays);
  }
}
