package com.personalaichatbot.dr.health;

/**
 * A check that may enter the group {@code live}, because it promises to look at nothing but this
 * process: no disk, no backup, no network. A supervisor kills the process when {@code live} is
 * DOWN, and a full disk or a dead neighbour is not repaired by that; it only takes every instance
 * down immediately. So a {@link HealthCheck} that is not of this type is refused in {@code live}.
 */
@FunctionalInterface
public interface LivenessCheck extends HealthCheck {

  @Override
  default CheckSettings settings() {
    return CheckSettings.DEFAULT.in(Health.LIVE);
  }
}
