package com.personalaichatbot.dr.core.recovery.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Hours of each day in which only what cannot wait is done. Immutable.
 *
 * @param from when they begin
 * @param to when they end, on the next day if that is earlier
 */
record QuietHours(LocalTime from, LocalTime to) {
  QuietHours {
    if (from.equals(to)) {
      throw new IllegalArgumentException("quiet hours end at another time than they begin: " + to);
    }
  }

  private boolean contains(LocalTime time) {
    boolean begun = !time.isBefore(from);
    boolean ended = !time.isBefore(to);
    return from.isBefore(to) ? begun && !ended : begun || !ended;
  }

  /** The first moment that is not quiet, from a moment on: that moment itself if it is not. */
  Instant end(Instant moment, ZoneId zone) {
    Instant end = moment;
    LocalDateTime local = LocalDateTime.ofInstant(end, zone);
    while (contains(local.toLocalTime())) {
      LocalDateTime ends = local.toLocalDate().atTime(to);
      if (!ends.isAfter(local)) {
        ends = ends.plusDays(1);
      }
      Instant first = Recurrence.instant(ends, zone.getRules());
      if (first.isAfter(end)) {
        end = first;
      } else {
        // The clocks were set back in between and show the time once more.
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(ends);
        end = ends.toInstant(offsets.get(offsets.size() - 1));
      }
      local = LocalDateTime.ofInstant(end, zone);
    }
    return end;
  }
}
