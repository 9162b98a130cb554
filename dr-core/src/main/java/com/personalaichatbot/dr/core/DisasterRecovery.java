package com.personalaichatbot.dr.core;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An application's data and the repository that protects it, in one object: it backs all of the
 * application's components up, checks what is stored, and brings them back in place.
 *
 * <p>Thread-safe, as the {@link BackupRepository} behind it, which has the verbs with all their
 * options.
 */
public final class DisasterRecovery implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(DisasterRecovery.class);

  /** A change is seen by the second look after it, so within half a minute. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final BackupRepository repository;
  private final List<Component> components;

  private DisasterRecovery(BackupRepository repository, List<Component> components) {
    this.repository = repository;
    this.components = components;
  }

  /**
   * Puts a repository and an application's components together.
   *
   * @param repository closed with this object
   * @param components at least one, their names all different
   * @return the application's disaster recovery
   * @throws IllegalArgumentException if there are no components or two have one name
   */
  public static DisasterRecovery of(BackupRepository repository, List<Component> components) {
    Objects.requireNonNull(repository, "repository");
    List<Component> copy = List.copyOf(components);
    if (copy.isEmpty() || copy.stream().map(Component::name).distinct().count() < copy.size()) {
      throw new IllegalArgumentException(
          "an application needs at least one component, and each a name of its own");
    }
    return new DisasterRecovery(repository, copy);
  }

  /**
   * The repository, for the verbs that are not here.
   *
   * @return the repository; closed with this object
   */
  public BackupRepository repository() {
    return repository;
  }

  /**
   * The application's components.
   *
   * @return as they were given, unmodifiable
   */
  public List<Component> components() {
    return components;
  }

  /**
   * Backs up all components.
   *
   * @param purpose why
   * @return what was done; if its status is not FAILED, the snapshot is durable
   * @throws IOException as {@link BackupRepository#backUp}
   */
  public BackupReport backUp(Purpose purpose) throws IOException {
    return repository.backUp(components, BackupOptions.of(purpose));
  }

  /**
   * Backs up all components while the application stops, in the time that is left: configuration
   * and secrets first, then small files. What is not reached is listed, and the next backup goes
   * on.
   *
   * @param deadline how long it may take; the call returns within 200 ms of it
   * @return what was done; if its status is not FAILED, the snapshot is durable
   * @throws IOException as {@link BackupRepository#backUp}
   */
  public BackupReport backUpForShutdown(Duration deadline) throws IOException {
    return repository.backUp(components, BackupOptions.of(Purpose.SHUTDOWN).withDeadline(deadline));
  }

  /**
   * Reads everything that is stored and checks it.
   *
   * @return what was found
   * @throws IOException as {@link BackupRepository#verify}
   */
  public VerifyReport verify() throws IOException {
    return repository.verify(VerifyOptions.readAll());
  }

  /**
   * Works out what it takes to bring all components back in place. Print the plan, then execute it.
   *
   * @param selector which snapshot; {@link Selector#LATEST_GOOD} is the usual choice
   * @return the plan; nothing was changed
   * @throws IOException as {@link BackupRepository#planRestore}
   */
  public RestorePlan planRestore(Selector selector) throws IOException {
    List<String> names = components.stream().map(Component::name).toList();
    RestoreRequest request = RestoreRequest.inPlace(selector).withComponents(names);
    for (Component component : components) {
      request = request.withPlace(component.name(), component.source().path());
    }
    return repository.planRestore(request);
  }

  /**
   * Executes a plan, with the components brought to rest around it by their hooks. What is replaced
   * can be put back with {@link BackupRepository#undo}.
   *
   * @return what was done
   * @throws IOException as {@link BackupRepository#restore}
   */
  public RestoreReport restore(RestorePlan plan) throws IOException {
    return repository.restore(plan, components);
  }

  /**
   * Backs configuration and secrets up within a minute of a change, until it is closed. A change
   * that is missed is caught by the next backup by the schedule.
   *
   * @return closes the watch; its thread is a daemon
   */
  public Closeable watchConfiguration() {
    Supplier<List<Component>> changes = configurationChanges();
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
      Thread thread = new Thread(task, "dr-watch");
      thread.setDaemon(true);
      return thread;
    });
    timer.scheduleWithFixedDelay(
        () -> backUpChanged(changes), LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return timer::shutdown;
  }

  /**
   * Notices changes of configuration and secrets, for who looks by a timer of their own. Files
   * count as changed when two looks in a row found the same, so that nothing is caught half
   * written.
   *
   * @return looks when it is asked, and gives the components that changed since it last gave them;
   *     what is there now is unchanged. Asked by one thread at a time
   */
  public Supplier<List<Component>> configurationChanges() {
    return repository.changes(components.stream()
        .filter(c -> c.kind() == Kind.CONFIG || c.kind() == Kind.SECRETS)
        .toList());
  }

  /** A timer never calls again what has thrown once, so nothing leaves this. */
  void backUpChanged(Supplier<List<Component>> changes) {
    try {
      List<Component> changed = changes.get();
      if (!changed.isEmpty()) {
        warnOfShrunk(repository.backUp(changed, BackupOptions.of(Purpose.SCHEDULED)));
      }
    } catch (IOException | RuntimeException | Error e) {
      log.warn("A changed configuration could not be backed up; the next backup catches it", e);
    }
  }

  /** Nobody else reads these reports. */
  private static void warnOfShrunk(BackupReport report) {
    report
        .unaccepted()
        .forEach(one -> log.warn(
            "Snapshot {} is SHRUNK: {}; see whether its volume is mounted, or accept the snapshot",
            report.snapshot().orElseThrow().id(),
            one));
  }

  /**
   * Has the JVM back up when it is told to end, for applications without a framework that says so.
   * An application with a life cycle of its own calls {@link #backUpForShutdown} from there
   * instead: hooks of a JVM run at the same time, and this one cannot know what the others are
   * about to close.
   *
   * @param deadline how long the backup may take
   * @return takes the hook away again; does nothing once the JVM is ending
   */
  public Closeable backUpOnExit(Duration deadline) {
    Thread hook = new Thread(
        () -> {
          try {
            warnOfShrunk(backUpForShutdown(deadline));
          } catch (IOException | RuntimeException e) {
            log.warn("The backup at the end of the process failed", e);
          }
        },
        "dr-exit");
    Runtime.getRuntime().addShutdownHook(hook);
    return () -> {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        log.debug("The process is ending already", e);
      }
    };
  }

  /**
   * Closes the repository.
   *
   * @throws IOException as {@link BackupRepository#close}
   */
  @Override
  public void close() throws IOException {
    repository.close();
  }
}
