package com.personalaichatbot.dr.health;

/**
 * The status of a part, a group or the whole. The order of the constants is the order of severity:
 * of two states the later one is the worse, and the worst decides for the whole.
 */
public enum Status {
  /** Works as it should. */
  UP,
  /** Works, but somebody should act before it stops working. */
  DEGRADED,
  /**
   * Nobody knows: it was not looked at yet, or the last look is too long ago. Never counts as
   * green.
   */
  UNKNOWN,
  /** Taken out of service on purpose, for instance while data is being restored. */
  OUT_OF_SERVICE,
  /** Does not work. */
  DOWN;

  /**
   * The worse of two states.
   *
   * @param other the state to compare with
   * @return this state or the other
   */
  public Status worst(Status other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
