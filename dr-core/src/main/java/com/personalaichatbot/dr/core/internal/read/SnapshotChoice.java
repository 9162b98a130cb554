package com.personalaichatbot.dr.core.internal.read;

import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.session.ClientState;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Chooses the snapshot of each component. {@code latest} never falls back silently: where an entry
 * of the history that is newer than the newest readable snapshot is missing or damaged, somebody
 * has to name an older one. So it is where this client remembers a newer one.
 */
public final class SnapshotChoice {
  private final Session session;
  private final History history;
  private final List<Snapshot> snapshots;

  public SnapshotChoice(Session session, History history) {
    this.session = session;
    this.history = history;
    this.snapshots = Snapshots.of(history);
  }

  /**
   * The snapshot of each component that a restore wants, by the component's name.
   *
   * @param notes gets a note where another host's snapshots are taken
   */
  public Map<String, SnapshotId> resolve(RestoreRequest request, Consumer<String> notes)
      throws CorruptRepositoryException, SnapshotNotFoundException {
    Map<String, SnapshotId> chosen = new TreeMap<>();
    Optional<SnapshotId> id = request.selector().id();
    if (id.isPresent()) {
      Snapshot snapshot = byId(id.get());
      List<String> names = request.components().isEmpty()
          ? snapshot.components().stream().map(c -> c.name()).toList()
          : request.components();
      for (String name : names) {
        if (snapshot.component(name).isEmpty()) {
          throw none("component " + name, "snapshot " + id.get() + " does not hold it");
        }
        chosen.put(name, id.get());
      }
      return chosen;
    }
    String host = host(request, notes);
    List<Snapshot> candidates = snapshots.stream()
        .filter(s -> s.host().equals(host) && s.purpose() != Purpose.QUARANTINE)
        .toList();
    Set<String> names = new TreeSet<>(request.components());
    if (names.isEmpty()) {
      candidates.forEach(s -> s.components().forEach(c -> names.add(c.name())));
    }
    for (String name : names) {
      chosen.put(
          name,
          request.selector().equals(Selector.LATEST)
              ? latest(candidates, host, name).id()
              : latestGood(candidates, name).id());
    }
    if (chosen.isEmpty()) {
      throw new SnapshotNotFoundException(
          "snapshot " + request.selector(),
          "none is of host " + host,
          snapshots.isEmpty()
              ? "take one with dr backup, or name the host whose snapshot is meant: --host NAME"
              : "name the host whose snapshot is meant: --host NAME; dr snapshots lists them all");
    }
    return chosen;
  }

  /** The snapshot of this name. */
  private Snapshot byId(SnapshotId id) throws SnapshotNotFoundException {
    return Snapshots.all(history).stream()
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow(() -> none("snapshot " + id, "nothing has that name"));
  }

  /**
   * Says that a component is SHRUNK or INCOMPLETE in the snapshot that is used, and which snapshot
   * is better.
   */
  public void noteUnwhole(String name, SnapshotId id, Consumer<String> notes)
      throws SnapshotNotFoundException {
    shrunk(name, id).ifPresent(how -> notes.accept("component " + name + " " + how));
    incomplete(name, id).ifPresent(how -> notes.accept("component " + name + " " + how));
  }

  private Optional<String> incomplete(String name, SnapshotId id) throws SnapshotNotFoundException {
    Snapshot snapshot = byId(id);
    Optional<ComponentState> state =
        snapshot.component(name).filter(c -> c.status() == BackupStatus.INCOMPLETE);
    if (state.isEmpty()) {
      return Optional.empty();
    }
    Optional<Snapshot> complete = newest(snapshots.stream()
        .filter(s -> s.host().equals(snapshot.host())
            && s.purpose() != Purpose.QUARANTINE
            && s.component(name)
                .filter(c -> c.status() == BackupStatus.COMPLETE
                    && c.path().equals(state.get().path()))
                .isPresent())
        .toList());
    return Optional.of("is INCOMPLETE in snapshot " + id
        + ": its backup could not read all of it whole"
        + complete.map(s -> "; the newest complete one is " + s.id()).orElse(""));
  }

  /**
   * Refuses to delete what a SHRUNK component lacks: the snapshot shows what was in reach, and not
   * what was meant to be there.
   */
  public void refuseToMirrorShrunk(RestoreRequest request, String name, SnapshotId id)
      throws RestoreRefusedException, SnapshotNotFoundException {
    Optional<String> shrunk = request.deleteExtra() ? shrunk(name, id) : Optional.empty();
    if (shrunk.isPresent()) {
      throw new RestoreRefusedException(
          "component " + name,
          shrunk.get() + "; nothing is deleted because of such a snapshot",
          "restore an older snapshot, or without --delete-extra; if the loss is intended, run dr mark "
              + id + " accepted");
    }
  }

  private Optional<String> shrunk(String name, SnapshotId id) throws SnapshotNotFoundException {
    Snapshot snapshot = byId(id);
    if (!snapshot.isShrunk(name)) {
      return Optional.empty();
    }
    ComponentState state = snapshot.component(name).orElseThrow();
    Optional<Snapshot> before = newest(snapshots.stream()
        .filter(s -> s.sequence() < snapshot.sequence()
            && s.host().equals(snapshot.host())
            && s.purpose() != Purpose.QUARANTINE
            && s.component(name)
                .filter(c -> c.status() != BackupStatus.SHRUNK && c.path().equals(state.path()))
                .isPresent())
        .toList());
    return Optional.of("is SHRUNK in snapshot " + id + " with " + state.files() + " files"
        + before
            .map(s -> "; the snapshot before its loss is " + s.id() + " with "
                + s.component(name).orElseThrow().files())
            .orElse(""));
  }

  /** The entry of the history that records a snapshot. */
  public CatalogEntry entry(SnapshotId id) throws SnapshotNotFoundException {
    return history.allSnapshots().stream()
        .filter(e -> Snapshots.id(e.id()).equals(id))
        .findFirst()
        .orElseThrow(() -> none("snapshot " + id, "nothing has that name"));
  }

  private String host(RestoreRequest request, Consumer<String> notes)
      throws SnapshotNotFoundException {
    if (request.host().isPresent()) {
      return request.host().get();
    }
    Set<String> hosts =
        snapshots.stream().map(Snapshot::host).collect(Collectors.toCollection(TreeSet::new));
    if (hosts.isEmpty() || hosts.contains(session.host())) {
      return session.host();
    }
    if (hosts.size() > 1) {
      hosts.remove(Snapshots.IMPORTED); // Old data, which nobody means who names no snapshot.
    }
    if (hosts.size() > 1) {
      throw none(
          "snapshot " + request.selector(),
          "none is of host " + session.host() + ", but of " + String.join(", ", hosts));
    }
    String only = hosts.iterator().next();
    notes.accept("there is no snapshot of host " + session.host()
        + "; those of the only other host, " + only + ", are used");
    return only;
  }

  private Snapshot latest(List<Snapshot> candidates, String host, String name)
      throws CorruptRepositoryException, SnapshotNotFoundException {
    Snapshot newest = newest(
            candidates.stream().filter(s -> s.component(name).isPresent()).toList())
        .orElseThrow(() -> notHeld(candidates, host, name));
    Map.Entry<Long, History.Problem> problem = history.problems().higherEntry(newest.sequence());
    if (problem != null) {
      throw hidden(EntryFile.name(problem.getKey()), problem.getValue().detail(), name, newest);
    }
    Optional<ClientState.Newest> remembered = session.state().newest(host, name);
    boolean missing = remembered.isPresent()
        && remembered.get().position() > newest.sequence()
        && remembered.get().position() <= history.lastPosition(); // Else taken since we looked.
    if (missing) {
      throw hidden(
          "snapshot " + Snapshots.id(remembered.get().snapshot()),
          "this client has seen it, and it is missing",
          name,
          newest);
    }
    return newest;
  }

  private static SnapshotNotFoundException notHeld(
      List<Snapshot> candidates, String host, String name) {
    Set<String> there = new TreeSet<>();
    candidates.forEach(s -> s.components().forEach(c -> there.add(c.name())));
    return new SnapshotNotFoundException(
        "component " + name,
        "no snapshot of host " + host + " holds it",
        there.isEmpty()
            ? "take one with dr backup, or name the host whose snapshot is meant: --host NAME"
            : "name one of its components: " + String.join(", ", there));
  }

  private static CorruptRepositoryException hidden(
      String object, String problem, String name, Snapshot newest) {
    return new CorruptRepositoryException(
        object,
        problem + "; it may be the latest snapshot of " + name,
        "the newest intact one is " + newest.id() + "; name it to restore it");
  }

  private static Snapshot latestGood(List<Snapshot> candidates, String name)
      throws SnapshotNotFoundException {
    return newest(candidates.stream().filter(s -> s.isGoodFor(name)).toList())
        .orElseThrow(() -> new SnapshotNotFoundException(
            "component " + name,
            "no snapshot of it is verified and complete",
            "run dr verify, or choose a snapshot by its id"));
  }

  private static Optional<Snapshot> newest(List<Snapshot> candidates) {
    List<Snapshot> all = new ArrayList<>(candidates);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  private static SnapshotNotFoundException none(String object, String problem) {
    return new SnapshotNotFoundException(
        object, problem, "list the snapshots with dr snapshots, and choose one of those");
  }
}
