package com.personalaichatbot.dr.core.recovery.runbook;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The application's part in its own recovery. Immutable; {@link #with} returns a changed copy. A
 * step for which there is no hook is put before a person.
 */
public final class ApplicationHooks {
  private static final ApplicationHooks NONE = new ApplicationHooks(new EnumMap<>(HookKind.class));

  private final Map<HookKind, Timed> hooks;

  private ApplicationHooks(Map<HookKind, Timed> hooks) {
    this.hooks = hooks;
  }

  /**
   * A hook, and how long it may take.
   *
   * @param timeout positive
   * @param hook what the application does
   */
  public record Timed(Duration timeout, Hook hook) {}

  /** No hooks. */
  public static ApplicationHooks none() {
    return NONE;
  }

  /**
   * These hooks and one more.
   *
   * @param kind what it does; a hook of that kind that was there is replaced
   * @param timeout how long it may take, positive; then its thread is interrupted and its step has
   *     failed
   * @param hook does it
   * @return a copy
   * @throws IllegalArgumentException if the time-out is not positive
   */
  public ApplicationHooks with(HookKind kind, Duration timeout, Hook hook) {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(hook, "hook");
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("the time-out of " + kind + " is not positive");
    }
    Map<HookKind, Timed> more = new EnumMap<>(HookKind.class);
    more.putAll(hooks);
    more.put(kind, new Timed(timeout, hook));
    return new ApplicationHooks(more);
  }

  /** Whether there is a hook of this kind. */
  public boolean has(HookKind kind) {
    return hooks.containsKey(kind);
  }

  /** The hook of this kind, if there is one. */
  public Optional<Timed> get(HookKind kind) {
    return Optional.ofNullable(hooks.get(kind));
  }

  /** The kinds of hooks that there are. */
  @Override
  public String toString() {
    return hooks.keySet().toString();
  }
}
