package com.personalaichatbot.dr.health;

/**
 * Is told when a check changes its state. Each listener is called by a thread of its own, one call
 * at a time and in order, so a slow one delays nobody else. What it throws is logged and ignored.
 */
@FunctionalInterface
public interface HealthListener {

  /**
   * A check changed, or its reminder is due.
   *
   * @param change what happened
   */
  void changed(HealthChange change);
}
