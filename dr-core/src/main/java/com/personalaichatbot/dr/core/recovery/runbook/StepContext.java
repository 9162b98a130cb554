package com.personalaichatbot.dr.core.recovery.runbook;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The view that a step has of its run, and the place for what it says about itself. Used by the
 * step that it was given to, while it runs.
 */
public interface StepContext {
  /** For what the runbook is run. */
  RunMode mode();

  /** Name of the incident. */
  String incident();

  /** When the fault was first seen. */
  Instant detected();

  /** What was known when the run began. */
  RunOptions options();

  /** The data directory that is recovered; in a drill a scratch directory. */
  Path data();

  /** The application's components; in a drill they lie in the scratch directory. */
  List<Component> components();

  /** Where the snapshots are; stays open. */
  BackupRepository repository();

  /** The time. */
  Clock clock();

  /**
   * What a step of this run remembered, also before a crash.
   *
   * @param name as it was given to {@link #remember}
   */
  Optional<String> recall(String name);

  /**
   * Has the journal keep something for later steps. It is durable when the step has ended.
   *
   * @param name lower-case words joined by dots or hyphens
   * @param value never a secret
   */
  void remember(String name, String value);

  /**
   * Adds a figure or fact to the report of the step.
   *
   * @param value never a secret
   */
  void detail(String name, String value);

  /**
   * Adds a line to the report of the step that a person should look at.
   *
   * @param line never a secret
   */
  void note(String line);
}
