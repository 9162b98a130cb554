package com.personalaichatbot.dr.core.recovery.runbook;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One step of a {@link Runbook}. Immutable. What it holds of code is called from one thread at a
 * time, and may be called again when a run is resumed.
 */
public final class Step {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+){0,7}");

  /** Does something, or looks at something. */
  @FunctionalInterface
  public interface Action {
    /**
     * Does it, and returns when it is done.
     *
     * @return how it came out, one sentence without a secret
     * @throws RunStoppedException if going on would do harm
     * @throws Exception if it did not come out; the message is shown
     */
    String run(StepContext context) throws Exception;
  }

  /** Says whether something is the case, and changes nothing. */
  @FunctionalInterface
  public interface Condition {
    /**
     * Looks.
     *
     * @throws Exception if it cannot be told; counts as no
     */
    boolean test(StepContext context) throws Exception;
  }

  /** The consequence of a failure. */
  public enum OnFailure {
    /** The run ends FAILED. */
    STOP,

    /** The run goes on; the step is SKIPPED with the failure as its reason. */
    SKIP,

    /** What was done before is taken back, the latest first, and the run ends FAILED. */
    UNDO,

    /**
     * The person is asked to do by hand what the step would have done, and the run goes on when
     * they say that it is done. Without a person the run ends FAILED.
     */
    HAND_OVER
  }

  private final String id;
  private final String title;
  private final StepKind kind;
  private final Impact impact;
  private final String owner;
  private final Duration timeout;
  private final String byHand;
  private final OnFailure onFailure;
  private final boolean repeatable;
  private final boolean declinable;
  private final String audience;
  private final Urgency urgency;
  private final Optional<HookKind> hook;
  private final Optional<Action> run;
  private final Optional<Condition> alreadyDone;
  private final Optional<Action> preview;
  private final Optional<Action> verify;
  private final Optional<Action> undo;
  private final List<Step> parts;

  private Step(Builder from) {
    id = from.id;
    title = from.title;
    kind = from.kind;
    impact = from.impact;
    owner = from.owner;
    timeout = from.timeout;
    byHand = from.byHand == null ? from.title : from.byHand;
    onFailure = from.onFailure;
    repeatable = from.repeatable;
    declinable = from.declinable;
    audience = from.audience;
    urgency = from.urgency;
    hook = Optional.ofNullable(from.hook);
    run = Optional.ofNullable(from.run);
    alreadyDone = Optional.ofNullable(from.alreadyDone);
    preview = Optional.ofNullable(from.preview);
    verify = Optional.ofNullable(from.verify);
    undo = Optional.ofNullable(from.undo);
    parts = from.parts;
  }

  /**
   * A step that does something.
   *
   * @param id lower-case words joined by hyphens; never changes, for journals and histories name it
   * @param title what it does, for people
   * @param run does it
   */
  public static Builder action(String id, String title, Action run) {
    return new Builder(id, title, StepKind.ACTION, Impact.WRITE).run(run);
  }

  /** A step that looks at something, and fails if it is not as it should be. */
  public static Builder check(String id, String title, Action run) {
    return new Builder(id, title, StepKind.CHECK, Impact.READ).run(run);
  }

  /** A step that a person does and confirms. */
  public static Builder manual(String id, String title) {
    return new Builder(id, title, StepKind.MANUAL, Impact.WRITE);
  }

  /** A step that a person says yes to; two of them where its danger is DESTRUCTIVE. */
  public static Builder approve(String id, String title) {
    return new Builder(id, title, StepKind.APPROVE, Impact.WRITE);
  }

  /**
   * A step that tells somebody. It never ends a run: what it could not do is in the report.
   *
   * @param audience role of those who are told
   * @param text what they are told
   */
  public static Builder notify(String id, String title, String audience, Action text) {
    Builder builder = new Builder(id, title, StepKind.NOTIFY, Impact.READ).run(text);
    builder.audience = Objects.requireNonNull(audience, "audience");
    builder.onFailure = OnFailure.SKIP;
    return builder;
  }

  /** A step that is the application's own; a person does it where there is no hook. */
  public static Builder hook(String id, HookKind hook) {
    Builder builder = new Builder(id, hook.title(), StepKind.ACTION, Impact.WRITE);
    builder.hook = hook;
    return builder;
  }

  /**
   * Steps that are run at the same time.
   *
   * @param parts at least two, none of them parallel itself
   */
  public static Builder parallel(String id, String title, List<Step> parts) {
    Builder builder = new Builder(id, title, StepKind.PARALLEL, Impact.READ);
    builder.parts = List.copyOf(parts);
    return builder;
  }

  /** Its stable name. */
  public String id() {
    return id;
  }

  /** What it does, for people. */
  public String title() {
    return title;
  }

  /** What it is, provided that it has its hook; see {@link #hook()}. */
  public StepKind kind() {
    return kind;
  }

  /** What it can do to the data. */
  public Impact impact() {
    return impact;
  }

  /** The role that answers for it. */
  public String owner() {
    return owner;
  }

  /** How long it may take. */
  public Duration timeout() {
    return timeout;
  }

  /** What a person does who does it by hand, one or more sentences. */
  public String byHand() {
    return byHand;
  }

  /** What follows if it fails. */
  public OnFailure onFailure() {
    return onFailure;
  }

  /** The application's hook that does it; where none exists, the step is MANUAL. */
  public Optional<HookKind> hook() {
    return hook;
  }

  /** The steps of a parallel one; empty for any other. */
  public List<Step> parts() {
    return parts;
  }

  /** Whether it may simply be run again where nobody knows how far it came. */
  public boolean isRepeatable() {
    return repeatable;
  }

  /** Whether the run goes on without it where a person says no, or none is there. */
  public boolean isDeclinable() {
    return declinable;
  }

  /** The role of those whom it tells; empty if it tells nobody. */
  public String audience() {
    return audience;
  }

  /** How what it tells is to reach people. */
  public Urgency urgency() {
    return urgency;
  }

  /** Does it, or gives the text that a person is asked or told; empty if a hook does it. */
  public Optional<Action> run() {
    return run;
  }

  /** Tells whether it need not be run. */
  public Optional<Condition> alreadyDone() {
    return alreadyDone;
  }

  /** Is run by a dry run in place of the step. */
  public Optional<Action> preview() {
    return preview;
  }

  /** Looks whether it came out. */
  public Optional<Action> verify() {
    return verify;
  }

  /** Takes it back. */
  public Optional<Action> undo() {
    return undo;
  }

  @Override
  public String toString() {
    return id;
  }

  /** The builder of a step. Not thread-safe. */
  public static final class Builder {
    private final String id;
    private final StepKind kind;
    private String title;
    private Impact impact;
    private String owner = "system administrator";
    private Duration timeout;
    private String byHand;
    private OnFailure onFailure = OnFailure.STOP;
    private boolean repeatable = true;
    private boolean declinable;
    private String audience = "";
    private Urgency urgency = Urgency.USUAL;
    private HookKind hook;
    private Action run;
    private Condition alreadyDone;
    private Action preview;
    private Action verify;
    private Action undo;
    private List<Step> parts = List.of();

    private Builder(String id, String title, StepKind kind, Impact danger) {
      if (!ID.matcher(id).matches()) {
        throw new IllegalArgumentException(
            "step id '" + id + "' is not lower-case words joined by hyphens");
      }
      this.id = id;
      this.title = Objects.requireNonNull(title, "title");
      this.kind = kind;
      this.impact = danger;
    }

    /** What is done; for a hook's step, in place of just calling the hook. */
    public Builder run(Action newRun) {
      run = Objects.requireNonNull(newRun, "run");
      return this;
    }

    /** Another title, such as for a hook that is called in another role. */
    public Builder title(String newTitle) {
      title = Objects.requireNonNull(newTitle, "title");
      return this;
    }

    /** What it can do to the data; unless said, WRITE for what does something, else READ. */
    public Builder impact(Impact newImpact) {
      impact = Objects.requireNonNull(newImpact, "impact");
      return this;
    }

    /** The role that answers for it; the system administrator unless said. */
    public Builder owner(String role) {
      owner = Objects.requireNonNull(role, "role");
      return this;
    }

    /**
     * How long it may take, all together; for a step before a person, how long to wait for an
     * answer. Every step has one. A hook has its own besides.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder timeout(Duration newTimeout) {
      if (newTimeout.isZero() || newTimeout.isNegative()) {
        throw new IllegalArgumentException("the time-out of " + id + " is not positive");
      }
      timeout = newTimeout;
      return this;
    }

    /** What a person does who does it by hand; its title unless said. */
    public Builder byHand(String text) {
      byHand = Objects.requireNonNull(text, "text");
      return this;
    }

    /** What follows if it fails; STOP unless said, SKIP for one that tells somebody. */
    public Builder onFailure(OnFailure newOnFailure) {
      onFailure = Objects.requireNonNull(newOnFailure, "onFailure");
      return this;
    }

    /**
     * Doing it twice is not the same as doing it once: where a crash left it unknown whether it was
     * done, and {@link #alreadyDone} does not tell, the person is asked.
     */
    public Builder notRepeatable() {
      repeatable = false;
      return this;
    }

    /**
     * The run goes on without it where a person says no or none is there; for a step that a person
     * does or says yes to.
     */
    public Builder declinable() {
      declinable = true;
      return this;
    }

    /** How a notice is to reach its audience; USUAL unless said. */
    public Builder urgency(Urgency newUrgency) {
      urgency = Objects.requireNonNull(newUrgency, "urgency");
      return this;
    }

    /** Whether its effect is there already; then it is not run. */
    public Builder alreadyDone(Condition condition) {
      alreadyDone = Objects.requireNonNull(condition, "condition");
      return this;
    }

    /** What a dry run does instead: looks, and says what would be done. Must change nothing. */
    public Builder preview(Action newPreview) {
      preview = Objects.requireNonNull(newPreview, "preview");
      return this;
    }

    /** Looks whether it came out, after it was run; fails if not. */
    public Builder verify(Action newVerify) {
      verify = Objects.requireNonNull(newVerify, "verify");
      return this;
    }

    /** Takes it back. */
    public Builder undo(Action newUndo) {
      undo = Objects.requireNonNull(newUndo, "undo");
      return this;
    }

    /**
     * Makes the step.
     *
     * @throws IllegalStateException if it has no time-out, or its parts are too few or parallel
     */
    public Step build() {
      if (timeout == null) {
        throw new IllegalStateException("step " + id + " has no time-out");
      }
      if (kind == StepKind.PARALLEL
          && (parts.size() < 2 || parts.stream().anyMatch(p -> p.kind == StepKind.PARALLEL))) {
        throw new IllegalStateException(
            "step " + id + " needs two parts or more, none of them parallel");
      }
      return new Step(this);
    }
  }
}
