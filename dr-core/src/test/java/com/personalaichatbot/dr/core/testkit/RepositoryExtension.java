package com.personalaichatbot.dr.core.testkit;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test a repository, a clock and faults, so that the recovery logic of an application can
 * be tested without files, time or network.
 *
 * <pre>{@code
 * @ExtendWith(RepositoryExtension.class)
 * class NotesTest {
 *   @Test
 *   void recover_lostNote_isBroughtBack(BackupRepository repository, FaultyFileSystem files) {
 *     Path notes = Files.createDirectory(files.getPath("/notes"));
 *     ...
 *   }
 * }
 * }</pre>
 *
 * <p>A test, its constructor and what is run before or after each one take what they need as
 * parameters. Within one test a type always means the same object, and all of them belong together;
 * the next test gets new ones. What is asked for is made then, and closed after the test.
 *
 * <table>
 *   <caption>What can be asked for</caption>
 *   <tr><th>type</th><th>what it is</th></tr>
 *   <tr><td>{@link BackupRepository}</td><td>an empty repository in the storage, by the clock. It
 *       works in the thread of the test, and another one can be opened beside it with
 *       {@link TestKeys#root()}</td></tr>
 *   <tr><td>{@link FaultyStorage}</td><td>where the repository lies: in memory, with faults to be
 *       planted. It is empty unless the repository was asked for</td></tr>
 *   <tr><td>{@link FaultyFileSystem}</td><td>an empty file system in memory, by the clock, with
 *       faults to be planted: where the application's data may lie. It needs Jimfs among the
 *       dependencies of the tests</td></tr>
 *   <tr><td>{@link SettableClock}, {@link Clock}</td><td>the time, which is still until the
 *       test sets it</td></tr>
 * </table>
 *
 * <p>A test that plants a fault which never strikes has not tested what it says, and fails at its
 * end for that, unless it failed before.
 *
 * <p>Registered with {@link org.junit.jupiter.api.extension.RegisterExtension}, the extension can
 * be given another time to start at, and a storage of one's own:
 *
 * <pre>{@code
 * @RegisterExtension
 * final RepositoryExtension repositories = new RepositoryExtension()
 *     .withTime(Instant.parse("2026-03-29T00:30:00Z"))
 *     .withStorage(() -> LocalStorage.at(directory));
 * }</pre>
 *
 * <p>Immutable, and safe for tests that run at the same time.
 */
public final class RepositoryExtension implements ParameterResolver, AfterEachCallback {

  private static final Namespace NAMESPACE = Namespace.create(RepositoryExtension.class);
  private static final Set<Class<?>> TYPES = Set.of(
      BackupRepository.class,
      FaultyStorage.class,
      FaultyFileSystem.class,
      SettableClock.class,
      Clock.class);

  private final Instant time;
  private final Supplier<? extends Storage> storages;

  /** Makes an extension whose clock begins at noon of a day in 2026 and whose storage is memory. */
  public RepositoryExtension() {
    this(Instant.parse("2026-01-15T12:00:00Z"), MemoryStorage::new);
  }

  private RepositoryExtension(Instant time, Supplier<? extends Storage> storages) {
    this.time = Objects.requireNonNull(time, "time");
    this.storages = Objects.requireNonNull(storages, "storages");
  }

  /**
   * Lets the clock begin at another time.
   *
   * @param now what it shows until the test sets it
   * @return a changed copy
   */
  public RepositoryExtension withTime(Instant now) {
    return new RepositoryExtension(now, storages);
  }

  /**
   * Lets the repository lie in another storage, below the {@link FaultyStorage}.
   *
   * @param newStorages makes one, empty, for each test; it is closed after the test
   * @return a changed copy
   */
  public RepositoryExtension withStorage(Supplier<? extends Storage> newStorages) {
    return new RepositoryExtension(time, newStorages);
  }

  /** A constructor takes what the test takes. */
  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return TYPES.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    if (context.getTestMethod().isEmpty()) {
      throw new ParameterResolutionException(
          "a repository lives for one test: ask for it in the test or in @BeforeEach, not in "
              + parameter.getDeclaringExecutable());
    }
    Given given = context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Given.class, type -> new Given(time, storages.get()), Given.class);
    try {
      return given.get(parameter.getParameter().getType());
    } catch (IOException e) {
      throw new UncheckedIOException("the repository cannot be made", e);
    }
  }

  /**
   * Where a drill of {@code repository} is held, if this extension gave it to the test: in its file
   * system, since a repository restores into no other.
   */
  static Optional<Path> placeOf(BackupRepository repository, ExtensionContext context) {
    return Optional.ofNullable(context.getStore(NAMESPACE).get(Given.class, Given.class))
        .filter(given -> given.repository == repository)
        .map(given -> given.files().getPath("/drill-test"));
  }

  /** Fails the test if a fault that it planted never struck. */
  @Override
  public void afterEach(ExtensionContext context) {
    Given given = context.getStore(NAMESPACE).get(Given.class, Given.class);
    if (given == null || context.getExecutionException().isPresent()) {
      return;
    }
    List<Fault> idle = given.faults().filter(fault -> !fault.fired()).toList();
    if (!idle.isEmpty()) {
      throw new AssertionError("planted, but never struck, so that nothing was shown: " + idle);
    }
  }

  /** The things that one test is given. One test runs in one thread, so nothing here is guarded. */
  private static final class Given implements AutoCloseable {
    private final SettableClock clock;
    private final FaultyStorage storage;
    private FaultyFileSystem files;
    private FileSystem memory;
    private BackupRepository repository;

    Given(Instant time, Storage storage) {
      this.clock = SettableClock.at(time);
      this.storage = FaultyStorage.over(storage);
    }

    Object get(Class<?> type) throws IOException {
      if (type == BackupRepository.class) {
        return repository();
      }
      if (type == FaultyStorage.class) {
        return storage;
      }
      return type == FaultyFileSystem.class ? files() : clock;
    }

    private BackupRepository repository() throws IOException {
      if (repository == null) {
        try (RootKey root = TestKeys.root()) {
          repository = BackupRepository.builder(storage)
              .clock(clock)
              .executor(Runnable::run, 1)
              .fileSystem(files())
              .host("test")
              .create(root);
        }
      }
      return repository;
    }

    private FaultyFileSystem files() {
      if (files == null) {
        memory = Jimfs.newFileSystem(Configuration.unix().toBuilder()
            .setAttributeViews("posix")
            .setFileTimeSource(() -> FileTime.from(clock.instant()))
            .build());
        files = new FaultyFileSystem(memory);
      }
      return files;
    }

    Stream<Fault> faults() {
      return Stream.concat(
          storage.planted().stream(), files == null ? Stream.of() : files.planted().stream());
    }

    @Override
    public void close() throws IOException {
      FileSystem unlessUnused = memory;
      try (unlessUnused;
          storage) {
        if (repository != null) {
          storage.heal();
          repository.close();
        }
      }
    }
  }
}
