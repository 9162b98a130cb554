package com.personalaichatbot.dr.core.recovery.schedule;

import java.time.Instant;
import java.util.List;

/** Says when a job was last done, where that is recorded elsewhere than with the schedule. */
@FunctionalInterface
public interface LastRun {
  /**
   * The times that count, in any order; those that lie in the future count for nothing. One of 1970
   * makes the job due immediately.
   *
   * @param recorded the runs that the schedule itself remembers
   * @throws Exception if that cannot be told now; the schedule goes by what it remembers then
   */
  List<Instant> times(List<Instant> recorded) throws Exception;
}
