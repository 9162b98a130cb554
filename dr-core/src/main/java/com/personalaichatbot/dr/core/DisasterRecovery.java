package com.personalaichatbot.dr.core;

import com.personalaichatbot.dr.core.checks.RecoveryChecks;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.internal.store.PathRules;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.communication.Communication;
import com.personalaichatbot.dr.core.recovery.communication.CommunicationPlan;
import com.personalaichatbot.dr.core.recovery.schedule.Schedule;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import com.personalaichatbot.dr.health.HealthMonitor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disaster recovery of one application: its components and the repository that protects them, told
 * once. It backs all components up, verifies what is stored and restores in place. It gives out a
 * {@link #schedule schedule}, a {@link #recovery recovery}, health {@link #checks checks}, a
 * {@link #communication communication} and {@link #reports reports}, ready for this application.
 *
 * <p>Thread-safe, as the {@link BackupRepository} behind it, which has the verbs with all their
 * options. After {@link #close} every method that uses the repository throws
 * {@link IllegalStateException}.
 */
public final class DisasterRecovery implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(DisasterRecovery.class);

  private final BackupRepository repository;
  private final List<Component> components;
  private final String name;
  private final Optional<Path> data;
  private final Optional<HealthMonitor> health;
  private volatile boolean closed;

  private DisasterRecovery(Builder from, BackupRepository repository) {
    this.repository = repository;
    this.components = from.components;
    this.name = from.name;
    this.data = Optional.ofNullable(from.data);
    this.health = Optional.ofNullable(from.health);
  }

  /** Returns a builder. It must be given the components and a repository. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the disaster recovery of an application without a name and a data directory: the same
   * as {@code builder().repository(repository).components(components).open()}.
   *
   * @param repository closed with the returned object
   * @param components at least one, their names all different
   * @throws IllegalArgumentException as {@link Builder#open}
   */
  public static DisasterRecovery of(BackupRepository repository, List<Component> components) {
    Builder builder = builder().repository(repository).components(components);
    builder.check();
    return new DisasterRecovery(builder, repository);
  }

  /** Returns the application's name for people. */
  public String name() {
    return name;
  }

  /**
   * Returns the repository, which has the verbs that are not here.
   *
   * @return closed with this object
   */
  public BackupRepository repository() {
    return repository;
  }

  /**
   * Returns the application's components.
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
    requireOpen();
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
    requireOpen();
    return repository.backUp(components, BackupOptions.of(Purpose.SHUTDOWN).withDeadline(deadline));
  }

  /**
   * Reads everything that is stored and checks it.
   *
   * @return what was found
   * @throws IOException as {@link BackupRepository#verify}
   */
  public VerifyReport verify() throws IOException {
    requireOpen();
    return repository.verify(VerifyOptions.readAll());
  }

  /**
   * Plans a restore of all components in place. Print the plan, then execute it.
   *
   * @param selector which snapshot; {@link Selector#LATEST_GOOD} is the usual choice
   * @return the plan; nothing was changed
   * @throws IOException as {@link BackupRepository#planRestore}
   */
  public RestorePlan planRestore(Selector selector) throws IOException {
    requireOpen();
    return repository.planRestore(RestoreRequest.inPlace(selector, components));
  }

  /**
   * Executes a plan, with the components brought to rest around it by their hooks. What is replaced
   * can be put back with {@link BackupRepository#undo}.
   *
   * @return what was done
   * @throws IOException as {@link BackupRepository#restore}
   */
  public RestoreReport restore(RestorePlan plan) throws IOException {
    requireOpen();
    return repository.restore(plan, components);
  }

  /** Returns the application's health, if it was given. */
  Optional<HealthMonitor> health() {
    return health;
  }

  /** Logs what the report says, which nobody else reads. */
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
   * @throws IllegalStateException if this object is closed
   */
  public Closeable backUpOnExit(Duration deadline) {
    requireOpen();
    Thread hook = new Thread(
        () -> {
          if (closed) {
            log.warn("No backup at the end of the process: DisasterRecovery was closed before");
            return;
          }
          try {
            warnOfShrunk(backUpForShutdown(deadline));
          } catch (IOException | RuntimeException e) {
            log.warn("Failed to back up at shutdown", e);
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
   * Returns a builder of the application's schedule, with the recommended jobs.
   *
   * @return it knows the repository, the components, the state directory and the clock
   * @throws IllegalStateException if this object is closed
   */
  public Schedule.Builder schedule() {
    requireOpen();
    return Schedule.recommended(repository, components);
  }

  /**
   * Returns a builder of the application's recovery.
   *
   * @return it knows the repository, the components, the data and the state directory, the clock
   *     and the health
   * @throws IllegalStateException if this object is closed
   */
  public Recovery.Builder recovery() {
    requireOpen();
    Recovery.Builder builder = Recovery.builder(repository).components(components);
    data.ifPresent(builder::data);
    health.ifPresent(builder::health);
    return builder;
  }

  /**
   * Returns the health checks of the application's backups.
   *
   * @return they know the repository, the components and the clock; to be registered with a monitor
   * @throws IllegalStateException if this object is closed
   */
  public RecoveryChecks checks() {
    requireOpen();
    return RecoveryChecks.of(repository, components);
  }

  /**
   * Returns what keeps a communication plan while incidents are open.
   *
   * @param executor sends to several channels at the same time; {@code Runnable::run} sends to one
   *     after the other
   * @throws IllegalStateException if this object is closed, or there is no state directory
   * @throws IOException if the record of messages in the state directory cannot be read
   */
  public Communication communication(CommunicationPlan plan, Executor executor) throws IOException {
    requireOpen();
    return new Communication(plan, requireState("messages"), repository.clock(), executor);
  }

  /**
   * Returns a writer of the application's reports, below the state directory.
   *
   * @param recovery whose runs are reported; stays the caller's
   * @throws IllegalStateException if this object is closed, or there is no state directory
   */
  public Reports reports(Recovery recovery) {
    requireOpen();
    return reports(recovery, requireState("reports"));
  }

  /**
   * Returns a writer of the application's reports.
   *
   * @param recovery whose runs are reported; stays the caller's
   * @param directory below which they are written; made when it is needed
   * @throws IllegalStateException if this object is closed
   */
  public Reports reports(Recovery recovery, Path directory) {
    requireOpen();
    return new Reports(this, recovery, directory);
  }

  private Path requireState(String what) {
    return repository
        .state()
        .orElseThrow(() -> new IllegalStateException(what + " need a state directory: write"
            + " .state(PATH) when you build DisasterRecovery or open the repository, outside of"
            + " the data"));
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "DisasterRecovery was closed: open it again with DisasterRecovery.builder()");
    }
  }

  /**
   * Closes the repository. The caller closes schedules and recoveries, which this object gave out,
   * before it.
   *
   * @throws IllegalStateException as {@link BackupRepository#close}; nothing was closed
   * @throws IOException as {@link BackupRepository#close}
   */
  @Override
  public void close() throws IOException {
    closed = true;
    try {
      repository.close();
    } catch (IllegalStateException e) {
      closed = false;
      throw e;
    }
  }

  /**
   * Builder for a {@link DisasterRecovery}. It opens the repository itself, from a place and a key,
   * or takes one that is open. Not thread-safe.
   */
  public static final class Builder {
    private String name = "Application";
    private List<Component> components = List.of();
    private Path data;
    private Path state;
    private Clock clock;
    private HealthMonitor health;
    private Path place;
    private Storage storage;
    private Secret passphrase;
    private RootKey root;
    private BackupRepository opened;
    private Optional<Consumer<BackupRepository.Builder>> configuration = Optional.empty();

    private Builder() {}

    /** Sets the application's name for people, as reports show it; "Application" unless given. */
    public Builder name(String newName) {
      name = Objects.requireNonNull(newName, "name");
      return this;
    }

    /** Sets the components of the application: at least one, their names all different. */
    public Builder components(List<Component> newComponents) {
      components = List.copyOf(newComponents);
      return this;
    }

    /** Sets the components of the application: at least one, their names all different. */
    public Builder components(Component... newComponents) {
      return components(List.of(newComponents));
    }

    /**
     * Sets the application's data directory, which all components lie in and which need not exist
     * yet. Only a {@link DisasterRecovery#recovery recovery} needs it.
     */
    public Builder data(Path directory) {
      data = directory.toAbsolutePath().normalize();
      return this;
    }

    /**
     * Sets the directory in which this client keeps what it remembers: the newest point of the
     * history that it saw, journals of runs, messages and reports. It must not lie in the data.
     * Without it there is no schedule, recovery, communication and undo after a restart.
     *
     * @throws IllegalArgumentException if another one was given before
     */
    public Builder state(Path directory) {
      Path given = directory.toAbsolutePath().normalize();
      requireOnce(".state(PATH)", state, given);
      state = given;
      return this;
    }

    /**
     * Sets the clock of backups, runs and jobs; the system's clock in UTC unless given.
     *
     * @throws IllegalArgumentException if another one was given before
     */
    public Builder clock(Clock newClock) {
      Objects.requireNonNull(newClock, "clock");
      requireOnce(".clock(CLOCK)", clock, newClock);
      clock = newClock;
      return this;
    }

    private static void requireOnce(String call, Object before, Object now) {
      if (before != null && !before.equals(now)) {
        throw new IllegalArgumentException(
            call + " was given " + before + " and then " + now + ": write it once");
      }
    }

    /** Sets the application's health, as {@link Recovery.Builder#health}; stays the caller's. */
    public Builder health(HealthMonitor monitor) {
      health = Objects.requireNonNull(monitor, "health");
      return this;
    }

    /** Sets the directory of the repository. */
    public Builder repository(Path directory) {
      place = Objects.requireNonNull(directory, "repository");
      return this;
    }

    /**
     * Sets the storage in which the repository lies.
     *
     * @param newStorage closed with the repository, or by the caller if nothing was opened
     */
    public Builder repository(Storage newStorage) {
      storage = Objects.requireNonNull(newStorage, "storage");
      return this;
    }

    /**
     * Sets a repository that is open, whose state directory and clock are used.
     *
     * @param repository closed with the {@link DisasterRecovery}, or by the caller if it was
     *     refused
     */
    public Builder repository(BackupRepository repository) {
      opened = Objects.requireNonNull(repository, "repository");
      return this;
    }

    /**
     * Sets the passphrase that opens the repository.
     *
     * @param newPassphrase stays the caller's, who may wipe it once the repository is open
     */
    public Builder passphrase(Secret newPassphrase) {
      passphrase = Objects.requireNonNull(newPassphrase, "passphrase");
      return this;
    }

    /**
     * Sets the root key that opens the repository, instead of a passphrase.
     *
     * @param key stays the caller's
     */
    public Builder rootKey(RootKey key) {
      root = Objects.requireNonNull(key, "root key");
      return this;
    }

    /**
     * Sets options of the repository that are rarely needed, such as threads, limits or the host.
     *
     * @param newConfiguration called once, before the repository is opened; must not give a second
     *     state directory or clock
     */
    public Builder configure(Consumer<BackupRepository.Builder> newConfiguration) {
      configuration = Optional.of(newConfiguration);
      return this;
    }

    /**
     * Opens the repository, unless it was given open.
     *
     * @throws IllegalArgumentException if there are no components, two of them have one name, or
     *     the state directory lies in the data. Also if the repository, its key, a state directory
     *     or a clock was given twice, or the repository or its key not at all. The message says
     *     what to write. Nothing is open then
     * @throws IOException as {@link BackupRepository.Builder#open(Secret)}
     */
    public DisasterRecovery open() throws IOException {
      return build(
          repository -> root == null ? repository.open(passphrase) : repository.open(root));
    }

    /**
     * Opens the repository, or makes it if none exists.
     *
     * @throws IllegalArgumentException as {@link #open}
     * @throws IOException as {@link BackupRepository.Builder#openOrCreate(Secret)}
     */
    public DisasterRecovery openOrCreate() throws IOException {
      return build(repository ->
          root == null ? repository.openOrCreate(passphrase) : repository.openOrCreate(root));
    }

    @FunctionalInterface
    private interface Opening {
      BackupRepository open(BackupRepository.Builder builder) throws IOException;
    }

    private DisasterRecovery build(Opening opening) throws IOException {
      check();
      if (opened != null) {
        return new DisasterRecovery(this, opened);
      }
      BackupRepository.Builder builder =
          BackupRepository.builder(storage == null ? LocalStorage.at(place) : storage);
      if (state != null) {
        builder.state(state);
      }
      if (clock != null) {
        builder.clock(clock);
      }
      configuration.ifPresent(configure -> configure.accept(builder));
      BackupRepository repository = opening.open(builder);
      try {
        requireOutsideOfData(repository.state());
        return new DisasterRecovery(this, repository);
      } catch (RuntimeException | Error e) {
        try {
          repository.close();
        } catch (IOException | RuntimeException suppressed) {
          e.addSuppressed(suppressed);
        }
        throw e;
      }
    }

    private void check() {
      if (components.isEmpty()) {
        throw new IllegalArgumentException(
            "an application needs at least one component: write .components(List.of(...))");
      }
      Set<String> names = new HashSet<>();
      for (Component component : components) {
        if (!names.add(component.name())) {
          throw new IllegalArgumentException("two components have the name '" + component.name()
              + "': give each a name of its own");
        }
      }
      if (opened == null) {
        checkPlaceAndKey();
      } else {
        checkOpened();
      }
      requireOutsideOfData(opened == null ? Optional.ofNullable(state) : opened.state());
    }

    private void checkPlaceAndKey() {
      if ((place == null) == (storage == null)) {
        throw new IllegalArgumentException(
            place == null
                ? "the place of the repository is missing: write .repository(PATH)"
                : "the place of the repository was given twice: write .repository(PATH) or"
                    + " .repository(STORAGE)");
      }
      if ((passphrase == null) == (root == null)) {
        throw new IllegalArgumentException(
            "one key opens a repository: write .passphrase(SECRET) or .rootKey(KEY)");
      }
    }

    private void checkOpened() {
      boolean hasPlace = place != null || storage != null;
      if (hasPlace || passphrase != null || root != null || configuration.isPresent()) {
        throw new IllegalArgumentException("the repository is open already: leave out either"
            + " .repository(OPENED), or the place, the key and .configure");
      }
      if (state != null || clock != null) {
        throw new IllegalArgumentException("the repository has a state directory and a clock of its"
            + " own: write " + (state != null ? ".state(PATH)" : ".clock(CLOCK)")
            + " when you open the repository, and leave it out here");
      }
    }

    private void requireOutsideOfData(Optional<Path> directory) {
      if (directory.isEmpty()) {
        return;
      }
      List<Path> places = new ArrayList<>();
      components.forEach(component -> places.add(component.source().path()));
      if (data != null) {
        places.add(data);
      }
      for (Path place : places) {
        if (PathRules.isWithin(directory.get(), place)) {
          throw new IllegalArgumentException("the state directory " + directory.get()
              + " lies in the data, " + place
              + ", and a restore would replace it: write .state(PATH)"
              + " with a directory outside of it");
        }
      }
    }
  }
}
