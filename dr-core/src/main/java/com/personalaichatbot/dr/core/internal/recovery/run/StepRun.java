package com.personalaichatbot.dr.core.internal.recovery.run;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.HookCall;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepContext;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A step while it runs. What it says about itself is kept here until the journal has it. Its own
 * lists are guarded by itself: a step that was given up may still speak, and is not heard then.
 */
public final class StepRun implements StepContext {
  private final RunContext setup;
  private final RunMode mode;
  private final RunOptions options;
  private final String incident;
  private final Instant detected;
  private final Map<String, String> facts;
  private final RunReport report;
  private final Map<String, String> remembered = new TreeMap<>();
  private final Map<String, String> details = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();

  /** Runs a step of this run; what was remembered is copied. */
  StepRun(RunContext setup, RunOptions options, RunRecord record) {
    this.report = record.report();
    this.setup = setup;
    this.mode = record.mode();
    this.options = options;
    this.incident = record.incident();
    this.detected = record.detected();
    this.facts = record.facts();
  }

  /** The run of a built-in step, which may use what the run itself works with. */
  public static StepRun of(StepContext context) {
    if (context instanceof StepRun run) {
      return run;
    }
    throw new IllegalArgumentException("a built-in step runs in a run of its own only");
  }

  public RunContext setup() {
    return setup;
  }

  /** How the run stood when the step was begun. */
  public RunReport report() {
    return report;
  }

  /**
   * Calls a hook of the application, which there is, within its time.
   *
   * @throws java.util.concurrent.TimeoutException if it did not end in time
   * @throws Exception what it threw
   */
  public void hook(HookKind kind) throws Exception {
    ApplicationHooks.Timed timed = setup.hooks().get(kind).orElseThrow();
    HookCall call = new HookCall(mode, incident, setup.data());
    setup.threads().call(timed.timeout(), () -> {
      timed.hook().run(call);
      return null;
    });
  }

  @Override
  public RunMode mode() {
    return mode;
  }

  @Override
  public String incident() {
    return incident;
  }

  @Override
  public Instant detected() {
    return detected;
  }

  @Override
  public RunOptions options() {
    return options;
  }

  @Override
  public Path data() {
    return setup.data();
  }

  @Override
  public List<Component> components() {
    return setup.components();
  }

  @Override
  public BackupRepository repository() {
    return setup.repository();
  }

  @Override
  public Clock clock() {
    return setup.clock();
  }

  @Override
  public synchronized Optional<String> recall(String name) {
    String own = remembered.get(name);
    return Optional.ofNullable(own == null ? facts.get(name) : own);
  }

  /** All that the steps before remembered. */
  public Map<String, String> facts() {
    return facts;
  }

  @Override
  public synchronized void remember(String name, String value) {
    remembered.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
  }

  @Override
  public synchronized void detail(String name, String value) {
    details.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
  }

  @Override
  public synchronized void note(String line) {
    notes.add(Objects.requireNonNull(line, "line"));
  }

  /** A copy of what it has said about itself so far. */
  synchronized StepRecord record() {
    return new StepRecord(new TreeMap<>(details), new TreeMap<>(remembered), List.copyOf(notes));
  }
}
