package com.personalaichatbot.dr.health.publish;

import static java.util.Objects.requireNonNull;

import com.personalaichatbot.dr.health.CheckState;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthListener;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The health as Micrometer gauges, one series for each status, 1 where it is the present one and
 * else 0: {@code dr.health.status} with the tags {@code check} and {@code status}, and
 * {@code dr.health} with {@code status} for the whole. Needs {@code io.micrometer:micrometer-core}.
 * Thread-safe.
 *
 * <p>Checks that are registered or removed after binding are taken up at the next change of any
 * check's state, or by {@link #refresh()}.
 */
@SuppressWarnings("exports") // Whoever names this class has Micrometer; nobody else should have to.
public final class HealthMetrics implements MeterBinder, AutoCloseable {

  private record Bound(MultiGauge whole, MultiGauge checks) {}

  private final HealthMonitor monitor;

  /** Guards {@code bound} and {@code closed}; one refresh at a time, and none after the close. */
  private final ReentrantLock lock = new ReentrantLock();

  private final List<Bound> bound = new ArrayList<>();
  private boolean closed;
  private final HealthListener listener = change -> refresh();

  /**
   * Measures the health of a monitor.
   *
   * @param monitor the monitor
   */
  public HealthMetrics(HealthMonitor monitor) {
    this.monitor = requireNonNull(monitor, "monitor");
    monitor.listen(listener);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    lock.lock();
    try {
      bound.add(new Bound(
          MultiGauge.builder("dr.health")
              .description("1 for the present state of the whole, else 0")
              .register(registry),
          MultiGauge.builder("dr.health.status")
              .description("1 for the present state of the check, else 0")
              .register(registry)));
      refresh();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes up checks that were registered and drops those that were removed. After {@link #close()}
   * it does nothing.
   */
  public void refresh() {
    lock.lock();
    try {
      if (!closed) {
        show();
      }
    } finally {
      lock.unlock();
    }
  }

  private void show() {
    List<Row<?>> whole = new ArrayList<>();
    List<Row<?>> checks = new ArrayList<>();
    for (Status status : Status.values()) {
      whole.add(row(Tags.of("status", status.name()), () -> is(monitor.health(), status)));
      for (CheckState check : monitor.health().checks()) {
        String name = check.name();
        checks.add(row(Tags.of("check", name, "status", status.name()), () -> is(name, status)));
      }
    }
    for (Bound gauges : bound) {
      gauges.whole.register(whole, true);
      gauges.checks.register(checks, true);
    }
  }

  private static Row<?> row(Tags tags, java.util.function.Supplier<Number> value) {
    return Row.of(tags, value);
  }

  private static Number is(Health health, Status status) {
    return health.status() == status ? 1 : 0;
  }

  private Number is(String check, Status status) {
    return monitor.health().check(check).map(c -> c.status() == status ? 1 : 0).orElse(0);
  }

  /**
   * Removes the gauges and stops listening, after a refresh that is under way. Later calls do
   * nothing.
   */
  @Override
  public void close() {
    monitor.ignore(listener);
    lock.lock();
    try {
      closed = true;
      for (Bound gauges : bound) {
        gauges.whole.register(List.of(), true);
        gauges.checks.register(List.of(), true);
      }
      bound.clear();
    } finally {
      lock.unlock();
    }
  }
}
