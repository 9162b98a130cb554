package com.personalaichatbot.dr.health.publish;

import com.personalaichatbot.dr.health.CheckState;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthChange;
import com.personalaichatbot.dr.health.HealthListener;
import com.personalaichatbot.dr.health.HealthMonitor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanRegistrationException;
import javax.management.MBeanServer;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ObjectName;

/** Keeps a {@link HealthMXBean} registered until it is closed. Thread-safe. */
public final class HealthJmx implements AutoCloseable {

  private static final String CHANGE = "dr.health.change";

  private final HealthMonitor monitor;
  private final MBeanServer server;
  private final ObjectName name;
  private final HealthListener listener;

  private HealthJmx(HealthMonitor monitor, MBeanServer server, ObjectName name, Bean bean) {
    this.monitor = monitor;
    this.server = server;
    this.name = name;
    this.listener = bean::changed;
  }

  /**
   * Registers the bean {@code com.personalaichatbot.dr:type=Health,name="NAME"}.
   *
   * @param monitor whose health to show
   * @param server where to register, usually the platform's
   * @param name tells several applications in one JVM apart
   * @return what unregisters it
   * @throws JMException if the name is taken or the server refuses
   */
  public static HealthJmx register(HealthMonitor monitor, MBeanServer server, String name)
      throws JMException {
    ObjectName objectName =
        new ObjectName("com.personalaichatbot.dr:type=Health,name=" + ObjectName.quote(name));
    Bean bean = new Bean(monitor, objectName);
    server.registerMBean(bean, objectName);
    HealthJmx registered = new HealthJmx(monitor, server, objectName, bean);
    monitor.listen(registered.listener);
    return registered;
  }

  /** Unregisters the bean. A second call does nothing. */
  @Override
  public void close() {
    monitor.ignore(listener);
    try {
      server.unregisterMBean(name);
    } catch (InstanceNotFoundException done) {
      // It is gone, which is what was asked for.
    } catch (MBeanRegistrationException impossible) {
      throw new IllegalStateException("the bean does not object to being unregistered", impossible);
    }
  }

  private static final class Bean extends NotificationBroadcasterSupport implements HealthMXBean {
    private final HealthMonitor monitor;
    private final ObjectName name;
    private final AtomicLong sequence = new AtomicLong();

    Bean(HealthMonitor monitor, ObjectName name) {
      super(new MBeanNotificationInfo(
          new String[] {CHANGE}, Notification.class.getName(), "A check changed its state"));
      this.monitor = monitor;
      this.name = name;
    }

    void changed(HealthChange change) {
      String message = change.name() + ": " + change.from() + " to " + change.to();
      sendNotification(new Notification(
          CHANGE, name, sequence.incrementAndGet(), change.time().toEpochMilli(), message));
    }

    @Override
    public String getStatus() {
      return monitor.health().status().name();
    }

    @Override
    public String getTime() {
      return monitor.health().time().toString();
    }

    @Override
    public Map<String, String> getChecks() {
      Map<String, String> checks = new LinkedHashMap<>();
      for (CheckState check : monitor.health().checks()) {
        checks.put(check.name(), check.status().name());
      }
      return checks;
    }

    @Override
    public Map<String, String> getGroups() {
      Health health = monitor.health();
      Map<String, String> groups = new LinkedHashMap<>();
      for (String group : health.groups()) {
        health.group(group).ifPresent(g -> groups.put(group, g.status().name()));
      }
      return groups;
    }

    @Override
    public String describe(String check) {
      return monitor
          .health()
          .check(check)
          .map(state -> state.latest().toString())
          .orElse("");
    }
  }
}
