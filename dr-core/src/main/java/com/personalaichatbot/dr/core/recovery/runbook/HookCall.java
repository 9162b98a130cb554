package com.personalaichatbot.dr.core.recovery.runbook;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The reason and the purpose of a call of a hook. Immutable.
 *
 * @param mode never {@link RunMode#DRY_RUN}; in a drill a hook touches nothing outside {@code data}
 * @param incident name of the incident
 * @param data the data directory that is recovered; in a drill a scratch directory
 */
public record HookCall(RunMode mode, String incident, Path data) {
  /** Refuses nulls. */
  public HookCall {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(incident, "incident");
    Objects.requireNonNull(data, "data");
  }
}
