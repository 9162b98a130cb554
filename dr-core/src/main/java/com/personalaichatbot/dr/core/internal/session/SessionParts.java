package com.personalaichatbot.dr.core.internal.session;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.index.Dictionaries;
import com.personalaichatbot.dr.core.internal.opening.RepositoryOpener;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.internal.store.ProtectedPaths;
import com.personalaichatbot.dr.core.internal.store.StateDirectory;
import com.personalaichatbot.dr.core.operation.ProgressListener;
import com.personalaichatbot.dr.core.storage.Storage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The parts of a session, as the builder of a repository was told.
 *
 * @param executor whose threads work; empty for own ones
 * @param parallelism how many tasks of one operation run at a time, and how many own threads
 * @param state where clients remember; empty for not at all
 * @param slot the one key slot that a passphrase is to open; empty for any ordinary one
 * @param expectedHead a fingerprint that the history must hold; empty for none
 * @param host the name in snapshots; empty for the one that was kept, or the machine's
 */
public record SessionParts(
    Storage storage,
    Clock clock,
    SecureRandom random,
    Optional<Executor> executor,
    int parallelism,
    Optional<Path> state,
    FileSystem fileSystem,
    Optional<String> slot,
    Optional<String> host,
    Optional<String> expectedHead,
    Duration patience,
    Optional<Throttle> throttle,
    ProgressListener progress) {

  private static final String RESTORES = "restores";

  /** The source of the keys. */
  @FunctionalInterface
  public interface How {
    /** Opens or makes the repository. */
    RepositoryOpener.Opened open(RepositoryOpener opening) throws IOException;
  }

  /** The places that clients with this state directory back up. */
  public ProtectedPaths protectedPlaces() {
    return new ProtectedPaths(state.map(StateDirectory::at).orElseGet(StateDirectory::inMemory));
  }

  /** Returns where restores in place of all repositories are registered. */
  public StateDirectory restores() {
    return state
        .map(base -> StateDirectory.at(base.resolve(RESTORES)))
        .orElseGet(StateDirectory::inMemory);
  }

  /**
   * Opens or makes the repository, and gives what calls on it go through.
   *
   * @throws InterruptedIOException if this thread is interrupted
   */
  public Operations open(How how) throws IOException {
    new Pace(Optional.empty()).check();
    RepositoryOpener.Opened opened = how.open(new RepositoryOpener(storage, random, clock, slot));
    try {
      Seals seals = new Seals(opened.format().repositoryId(), opened.keys(), random);
      CopiedStorage.Mark mark = CopiedStorage.mark(storage, seals);
      ClientState original = clientState(opened, seals);
      boolean isOriginal = place().isPresent() && original.isOriginal(place().get());
      Storage used = CopiedStorage.guard(storage, mark, isOriginal);
      Catalog catalog = new Catalog(used, seals, seals.newBytes16(), opened.bySlot());
      ClientState clientState = clientState(opened, seals, mark, original);
      if (opened.created()) {
        clientState.isMaker(catalog);
      }
      if (expectedHead.isPresent()) {
        clientState.expect(expectedHead.get(), catalog);
      }
      Optional<ExecutorService> own =
          executor.isEmpty() ? Optional.of(newExecutor(parallelism)) : Optional.empty();
      Session session = new Session(
          used,
          opened.format(),
          opened.keys(),
          seals,
          catalog,
          new Dictionaries(),
          clientState,
          new Workers(own.isPresent() ? own.get() : executor.get(), parallelism),
          new Pace(throttle),
          clock,
          fileSystem,
          hostName(clientState),
          progress);
      return new Operations(session, patience, own);
    } catch (IOException | RuntimeException | Error e) {
      opened.keys().close();
      throw e;
    }
  }

  /**
   * What this client keeps of the repository. A copy has its own pace through the history, so its
   * head is remembered apart, under the id that its mark bears and the place where it lies.
   */
  private ClientState clientState(
      RepositoryOpener.Opened opened, Seals seals, CopiedStorage.Mark mark, ClientState original)
      throws IOException {
    Optional<String> place = place();
    if (mark.copyId().isEmpty()) {
      if (place.isPresent() && !mark.isThere()) {
        original.rememberOriginal(place.get());
      }
      return original;
    }
    ClientState own = original.ofCopy(mark.copyId().get(), place.orElseGet(storage::location));
    own.isCopyOf(original);
    if (place.isPresent() && original.isOriginal(place.get())) {
      own.replaces(original);
    }
    return own;
  }

  /** What this client keeps of the repository, where it is no copy. */
  private ClientState clientState(RepositoryOpener.Opened opened, Seals seals) throws IOException {
    String id = opened.format().repositoryId().toString();
    return new ClientState(directory(id), restores(), seals, opened.keys());
  }

  private Optional<String> place() {
    return storage.localPath().map(path -> path.toAbsolutePath().normalize().toString());
  }

  private StateDirectory directory(String name) {
    return state
        .map(base -> StateDirectory.at(base.resolve(name)))
        .orElseGet(StateDirectory::inMemory);
  }

  private String hostName(ClientState clientState) throws IOException {
    if (host.isPresent()) {
      clientState.rememberHost(host.get());
      return host.get();
    }
    Optional<String> kept = clientState.host();
    if (kept.isPresent()) {
      return kept.get();
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static ExecutorService newExecutor(int threads) {
    AtomicInteger number = new AtomicInteger();
    return Executors.newFixedThreadPool(threads, task -> {
      Thread thread = new Thread(task, "dr-worker-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    });
  }
}
