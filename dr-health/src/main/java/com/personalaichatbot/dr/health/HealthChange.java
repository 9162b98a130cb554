package com.personalaichatbot.dr.health;

import java.time.Instant;

/**
 * One check went from one state to another, or is still where it was and its reminder is due.
 *
 * @param name the check's name
 * @param from the state last told
 * @param to the state now; equal to {@code from} in a reminder
 * @param state the check as it is now
 * @param time when the state was entered; in a reminder, when the reminder fell due
 */
public record HealthChange(String name, Status from, Status to, CheckState state, Instant time) {

  /**
   * Whether this repeats what was told before.
   *
   * @return true for a reminder
   */
  public boolean isReminder() {
    return from == to;
  }
}
