package com.personalaichatbot.dr.core.recovery.schedule;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * Something that a schedule does again and again. Immutable; the {@code with} methods return a
 * changed copy.
 *
 * <p>A job counts as done when its action returns, unless {@link #withLastRun} says where that is
 * recorded: then it is due until it is there.
 */
public final class Job {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Duration USUAL_TIMEOUT = Duration.ofHours(12);

  private final String name;
  private final Recurrence recurrence;
  private final Callable<String> action;
  private List<String> components = List.of();
  private Optional<LastRun> lastRun = Optional.empty();
  private BooleanSupplier condition = () -> false;
  private Optional<String> predecessor = Optional.empty();
  private boolean inQuietHours;
  private Duration timeout = USUAL_TIMEOUT;
  private Optional<Duration> dueWithin = Optional.empty();
  private String owner = "";

  private Job(String name, Recurrence rhythm, Callable<String> action) {
    this.name = name;
    this.recurrence = rhythm;
    this.action = action;
  }

  private Job copy(Recurrence newRhythm) {
    Job copy = new Job(name, newRhythm, action);
    copy.components = components;
    copy.lastRun = lastRun;
    copy.condition = condition;
    copy.predecessor = predecessor;
    copy.inQuietHours = inQuietHours;
    copy.timeout = timeout;
    copy.dueWithin = dueWithin;
    copy.owner = owner;
    return copy;
  }

  /**
   * A job.
   *
   * @param name lower-case letters, digits and hyphens; it is remembered by it
   * @param action does it and returns one sentence that says what was done; what it throws is
   *     reported, and it is tried again later. It is interrupted when its time is over
   * @throws IllegalArgumentException if the name has other characters
   */
  public static Job of(String name, Recurrence rhythm, Callable<String> action) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a job's name is of lower-case letters, digits and hyphens: " + name);
    }
    return new Job(
        name, Objects.requireNonNull(rhythm, "rhythm"), Objects.requireNonNull(action, "action"));
  }

  /** The same in another rhythm. */
  public Job withRhythm(Recurrence newRhythm) {
    return copy(Objects.requireNonNull(newRhythm, "rhythm"));
  }

  /**
   * The same, known to back up components. Such a job is due immediately if it was never done;
   * others are first due by their rhythm, counted from when the repository was made.
   *
   * @param names of the components
   */
  public Job withComponents(List<String> names) {
    Job copy = copy(recurrence);
    copy.components = List.copyOf(names);
    return copy;
  }

  /** The same, done when this says that it was. */
  public Job withLastRun(LastRun newLastRun) {
    Job copy = copy(recurrence);
    copy.lastRun = Optional.of(newLastRun);
    return copy;
  }

  /**
   * The same, also due whenever a condition holds.
   *
   * @param newCondition asked at each look of the schedule, so several times a minute; what it
   *     throws is logged
   */
  public Job orWhen(BooleanSupplier newCondition) {
    Job copy = copy(recurrence);
    copy.condition = Objects.requireNonNull(newCondition, "condition");
    return copy;
  }

  /** The same, never done while another job of the schedule is due and not done. */
  public Job after(String other) {
    Job copy = copy(recurrence);
    copy.predecessor = Optional.of(other);
    return copy;
  }

  /** The same, done in quiet hours too. */
  public Job allowInQuietHours() {
    Job copy = copy(recurrence);
    copy.inQuietHours = true;
    return copy;
  }

  /**
   * The same, interrupted and failed after so long; 12 hours unless given.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public Job withTimeout(Duration most) {
    if (most.isZero() || most.isNegative()) {
      throw new IllegalArgumentException("a job needs some time: " + most);
    }
    Job copy = copy(recurrence);
    copy.timeout = most;
    return copy;
  }

  /**
   * The same, a reminder: the action tells a person what is to be done, who then has so long to do
   * it and confirms it by {@code Schedule.confirm}.
   *
   * @param newOwner who is to do it: a role or a name
   * @throws IllegalArgumentException if the time is not positive or the owner empty
   */
  public Job asReminder(String newOwner, Duration newWithin) {
    if (newOwner.isBlank() || newWithin.isZero() || newWithin.isNegative()) {
      throw new IllegalArgumentException("a reminder needs an owner and some time");
    }
    Job copy = copy(recurrence);
    copy.owner = newOwner;
    copy.dueWithin = Optional.of(newWithin);
    return copy;
  }

  /** What it is called. */
  public String name() {
    return name;
  }

  /** How often it is due. */
  public Recurrence recurrence() {
    return recurrence;
  }

  /** Names of the components that it backs up; empty if it is no backup. */
  public List<String> components() {
    return components;
  }

  /** For a reminder, who is to do it; else empty. */
  public String owner() {
    return owner;
  }

  /** For a reminder, how long its owner has. */
  public Optional<Duration> dueWithin() {
    return dueWithin;
  }

  /** Whether it is done in quiet hours too. */
  public boolean isInQuietHours() {
    return inQuietHours;
  }

  Callable<String> action() {
    return action;
  }

  Optional<LastRun> lastRun() {
    return lastRun;
  }

  BooleanSupplier condition() {
    return condition;
  }

  Optional<String> predecessor() {
    return predecessor;
  }

  Duration timeout() {
    return timeout;
  }

  /** Name and rhythm. */
  @Override
  public String toString() {
    return name + ", " + recurrence;
  }
}
