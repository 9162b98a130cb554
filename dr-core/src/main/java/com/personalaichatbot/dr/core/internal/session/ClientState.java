package com.personalaichatbot.dr.core.internal.session;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.BytesReader;
import com.personalaichatbot.dr.core.internal.format.BytesWriter;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.format.SteppedOver;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.internal.store.StateDirectory;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.HeadChangedException;
import com.personalaichatbot.dr.crypto.KeyedId;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state that this client keeps outside the repository: the newest point of the history that it
 * has seen, the newest snapshot of each component, and its host name. All of that is sealed, so
 * that no name is in clear. Restores that are unfinished or can be undone are registered beside it,
 * not sealed, because an undo must work without the repository.
 *
 * <p>A storage can show an old state of itself, and every seal in it will fit. Only what was
 * remembered elsewhere tells. The memory is written upward only. Thread-safe.
 */
public final class ClientState {
  private static final Logger log = LoggerFactory.getLogger(ClientState.class);
  /** Under the name of what it is about, so that an application can show it otherwise. */
  private static final Logger HISTORY_LOG = LoggerFactory.getLogger(History.class);

  private static final String HEAD = "head";
  private static final String HOST = "host";
  private static final String ORIGINAL = "original";
  private static final String PASSED = "passed";
  private static final int MAX_ORIGINALS = 16;
  private static final int MAX_PASSED = 10_000;

  private final StateDirectory directory;
  private final StateDirectory restores;
  private final Seals seals;
  private final RepositoryKeys keys;
  private final AppendedFiles appendedFiles = new AppendedFiles();
  private RememberedHead memory;
  private boolean anchored;
  private ClientState replaced;
  private long originalHead = -1;
  private List<String> logged = List.of();

  /**
   * Keeps its files in a directory.
   *
   * @param restores keeps what an undo needs, of all repositories of this client
   */
  public ClientState(
      StateDirectory directory, StateDirectory restores, Seals seals, RepositoryKeys keys)
      throws IOException {
    this.directory = directory;
    this.restores = restores;
    this.seals = seals;
    this.keys = keys;
    this.memory = readMemory();
    this.anchored = memory.position >= 0;
  }

  /**
   * What this client keeps of a copy of the same repository, under its id and its place: whoever
   * duplicates a copy with other tools has two that go on apart.
   */
  public ClientState ofCopy(Bytes16 copyId, String place) throws IOException {
    String name = seals.repositoryId() + "-copy-" + tag(copyId.toString(), place);
    StateDirectory other = directory
        .path()
        .map(own -> StateDirectory.at(own.resolveSibling(name)))
        .orElseGet(StateDirectory::inMemory);
    return new ClientState(other, restores, seals, keys);
  }

  /**
   * Whether something outside the repository says how far its history must reach: what was
   * remembered when it was opened, or a fingerprint that was given.
   */
  public synchronized boolean isAnchored() {
    return anchored;
  }

  /**
   * Refuses a history that does not hold the entry with this fingerprint, and remembers one that
   * does.
   */
  synchronized void expect(String fingerprint, Catalog catalog) throws IOException {
    History history = readUnchanged(catalog);
    if (!history.holds(fingerprint)) {
      throw new HeadChangedException(
          "catalog",
          "the history does not hold the entry " + fingerprint + " that is expected; its head is "
              + history.headHash(),
          "compare the fingerprint with the report that it is from; if it is right, this repository"
              + " is an older state or another one: use a copy of it");
    }
    anchored = true;
    remember(history);
  }

  /** Keeps where the original of the repository lies. */
  synchronized void rememberOriginal(String place) throws IOException {
    if (!isOriginal(place)) {
      List<String> places = new ArrayList<>(originals());
      places.add(place);
      writeOriginals(places.subList(Math.max(0, places.size() - MAX_ORIGINALS), places.size()));
    }
  }

  /** Whether this client knows the original at this place. */
  synchronized boolean isOriginal(String place) throws IOException {
    return originals().contains(place);
  }

  private List<String> originals() throws IOException {
    return open(ORIGINAL)
        .map(text -> new String(text, StandardCharsets.UTF_8).split("\0"))
        .map(List::of)
        .orElse(List.of());
  }

  private void writeOriginals(List<String> places) throws IOException {
    byte[] text = String.join("\0", places).getBytes(StandardCharsets.UTF_8);
    try {
      directory.write(ORIGINAL, seals.sealClient(text));
    } catch (IOException e) {
      log.warn("Cannot write the state directory ({})", e.getMessage());
    }
  }

  /** Says that this is the state of a copy, and what is remembered of its original. */
  synchronized void isCopyOf(ClientState original) {
    originalHead = original.remembered().position();
  }

  /** By how many entries a copy is behind what this client has seen of its original; else 0. */
  public synchronized long lag(History history) {
    return Math.max(0, originalHead - history.lastPosition());
  }

  /** Says that this copy was found where the client knows the original. */
  synchronized void replaces(ClientState original) {
    replaced = original;
  }

  /** Where it is kept, unless in memory. */
  public Optional<Path> path() {
    return directory.path();
  }

  /** What is known of append-only files, as long as the repository is open. */
  public AppendedFiles appendedFiles() {
    return appendedFiles;
  }

  /** The memory of the history; position -1 if none exists. */
  public record RememberedHead(
      long position, EntryFile.Hash hash, Map<KeyedId, Newest> newest, long commitNanos) {
    static final RememberedHead NONE = new RememberedHead(-1, EntryFile.Hash.NONE, Map.of(), 0);
  }

  /** The newest snapshot of a component, under a keyed tag of host and name. */
  public record Newest(Bytes16 snapshot, long position) {
    Newest later(Newest other) {
      return other.position > position ? other : this;
    }
  }

  /** The relation of the history to what is remembered of it. */
  public enum HeadState {
    /** Nothing is remembered. */
    UNANCHORED,
    /** It goes on from what is remembered. */
    CONTINUED,
    /** It ends before what is remembered. */
    ROLLED_BACK,
    /** It is another one. */
    FORKED
  }

  /**
   * What is remembered now. It is to be taken before the catalog is read that it is compared with:
   * what another thread commits and remembers in between would look like a rollback.
   */
  public synchronized RememberedHead remembered() {
    return memory;
  }

  /** Compares a history with what was remembered before it was read. */
  public synchronized HeadState standing(RememberedHead before, History history) {
    return replaced == null ? compare(before, history) : HeadState.FORKED;
  }

  private static HeadState compare(RememberedHead memory, History history) {
    if (memory.position < 0) {
      return HeadState.UNANCHORED;
    }
    if (history.problems().containsKey(memory.position)
        && history.lastPosition() >= memory.position) {
      return HeadState.CONTINUED;
    }
    if (history.lastPosition() < memory.position) {
      return HeadState.ROLLED_BACK;
    }
    return history.hashAt(memory.position).equals(Optional.of(memory.hash))
        ? HeadState.CONTINUED
        : HeadState.FORKED;
  }

  /** Reads the history, whatever is remembered of it; what is remembered tells damage from else. */
  public History read(Catalog catalog) throws IOException {
    return seen(catalog.read(remembered().position));
  }

  /**
   * Remembers a history that was read, so that the next look at the repository is no first contact,
   * and logs damage of it once. It is not remembered where anything is above its head: that may be
   * what is left of an entry, and the memory would say that nothing stood there.
   */
  private synchronized History seen(History history) {
    List<String> damaged = history.damagedEntries();
    if (!damaged.isEmpty() && !damaged.equals(logged)) {
      HISTORY_LOG.warn(
          "The history of repository {} is not whole: {}. Snapshots, holds and removals that are"
              + " recorded there are not seen; heal the repository from a copy: dr heal COPY",
          seals.repositoryId(),
          String.join(", ", damaged));
    }
    logged = damaged;
    if (replaced == null && history.endsFree()) {
      remember(history);
    }
    return history;
  }

  /** Says that this client made the repository, and so has seen all of its history. */
  synchronized void isMaker(Catalog catalog) throws IOException {
    read(catalog);
    anchored = true;
  }

  /**
   * Reads the history and refuses one that is not the one that is remembered, or of which no entry
   * is left.
   */
  public History readUnchanged(Catalog catalog) throws IOException {
    RememberedHead before = remembered();
    History history = catalog.read(before.position);
    if (replaced != null) {
      throw new HeadChangedException(
          CopiedStorage.MARK,
          "this place holds a copy, and this client knows the original here",
          "find out who replaced the repository. If the original is lost and this copy is to be the"
              + " repository, delete the file " + CopiedStorage.MARK + " here; or acknowledge it:"
              + " dr verify --accept-head " + history.headHash());
    }
    HeadState standing = compare(before, history);
    if (standing == HeadState.ROLLED_BACK || standing == HeadState.FORKED) {
      throw new HeadChangedException(
          "catalog",
          standing == HeadState.ROLLED_BACK
              ? "the history ends at "
                  + history.lastPosition()
                  + "; this client has seen "
                  + before.position
              : "the history is not the one that this client has seen",
          "find out who replaced the repository. If there is a copy: dr heal COPY. A snapshot that"
              + " is named restores as it is: dr restore ID. If the history is right as it is: dr"
              + " verify --accept-head " + history.headHash());
    }
    history.requireAny();
    return seen(history);
  }

  /**
   * Refuses to remove anything while bytes of a stranger are where an entry could have been that
   * says something else. It is settled if this client's own head was the entry right below the
   * stranger's file when it passed it by.
   */
  public synchronized void requireSettled(History history) throws IOException {
    List<Long> settled = settled();
    long free = seenFree(history) ? history.lastPosition() : Long.MAX_VALUE;
    for (long position : history.passedPositions()) {
      if (position <= free && !settled.contains(position)) {
        throw new CorruptRepositoryException(
            EntryFile.name(position),
            "it holds bytes that are no entry, and this client does not remember that nothing stood"
                + " there before: it may have been an entry that is lost",
            "heal the repository from a copy that has the entry: dr heal COPY, or prune with the"
                + " client that wrote the entry above it. Nothing is removed until then; a later"
                + " version brings a repair by which a person settles it");
      }
    }
  }

  private boolean seenFree(History history) {
    return history.headPosition() == memory.position && history.headHash().equals(memory.hash);
  }

  /**
   * Remembers the strangers' files that an entry of this client passed by right behind its head.
   */
  private synchronized void rememberPassed(History before, List<SteppedOver> passed)
      throws IOException {
    if (passed.isEmpty()
        || !seenFree(before)
        || passed.get(0).position() != before.headPosition() + 1) {
      return;
    }
    List<Long> settled = new ArrayList<>(settled());
    passed.forEach(file -> settled.add(file.position()));
    List<Long> kept = settled.subList(Math.max(0, settled.size() - MAX_PASSED), settled.size());
    BytesWriter out = new BytesWriter().varint(kept.size());
    kept.forEach(out::varint);
    directory.write(PASSED, seals.sealClient(out.toBytes()));
  }

  private List<Long> settled() throws IOException {
    Optional<byte[]> text = open(PASSED);
    List<Long> positions = new ArrayList<>();
    if (text.isPresent()) {
      try {
        BytesReader in = new BytesReader(text.get());
        for (int left = in.varint(MAX_PASSED); left > 0; left--) {
          positions.add(in.varint(Long.MAX_VALUE));
        }
      } catch (MalformedException e) {
        log.warn("Cannot read the state file {}; it is ignored", PASSED);
      }
    }
    return positions;
  }

  /**
   * Remembers an entry that this client added, and what else the history holds by now. The entry is
   * durable, so that a failure is a warning.
   */
  public void rememberCommit(History before, Catalog.Committed committed, Catalog catalog) {
    notePassed(before, committed);
    rememberHead(catalog);
  }

  /** Remembers the head of the history as it is now; a failure is a warning. */
  public void rememberHead(Catalog catalog) {
    try {
      remember(read(catalog));
    } catch (IOException e) {
      log.warn(
          "The head of the history could not be read ({}); the next operation remembers it",
          e.toString());
    }
  }

  /** Remembers what an entry of this client passed by; a failure is a warning. */
  public void notePassed(History before, Catalog.Committed committed) {
    try {
      rememberPassed(before, committed.passed());
    } catch (IOException e) {
      log.warn(
          "The state directory cannot be read or written ({}): this client forgets that nothing"
              + " stood where bytes of a stranger are, and may have to heal from a copy before a"
              + " prune",
          e.toString());
    }
  }

  /** Remembers a snapshot of this client's own, and how long it took to commit. */
  public synchronized void remember(
      long position, EntryFile.Hash hash, Bytes16 id, SnapshotRecord snapshot, long commitNanos) {
    Map<KeyedId, Newest> newest = new HashMap<>(memory.newest);
    if (Snapshots.countsAsLatest(snapshot.purpose())) {
      Newest one = new Newest(id, position);
      snapshot
          .components()
          .forEach(c -> newest.merge(tag(snapshot.host(), c.name()), one, Newest::later));
    }
    long before = memory.commitNanos;
    long pace = commitNanos >= before ? commitNanos : before - (before - commitNanos) / 4;
    boolean upward = position >= memory.position;
    keep(new RememberedHead(
        upward ? position : memory.position, upward ? hash : memory.hash, newest, pace));
  }

  /** Remembers that a commit would have taken longer than this, so that the next has more time. */
  public synchronized void rememberCommitNanos(long atLeast) {
    if (atLeast > memory.commitNanos) {
      keep(new RememberedHead(memory.position, memory.hash, memory.newest, atLeast));
    }
  }

  /** Remembers the head of a history that was seen and found to continue. */
  public synchronized void remember(History history) {
    if (history.headPosition() > memory.position && compare(memory, history) != HeadState.FORKED) {
      keep(new RememberedHead(
          history.headPosition(), history.headHash(), newest(history), memory.commitNanos));
    }
  }

  /**
   * What is durable in the repository is not reported as failed because it could not be noted here:
   * then this object remembers it and no later one does.
   */
  private void keep(RememberedHead next) {
    try {
      write(next);
    } catch (IOException e) {
      memory = next;
      log.warn(
          "The state directory cannot be written ({}); a later run will not notice if the"
              + " repository is rolled back to before this one",
          e.getMessage());
    }
  }

  /** Takes a history for right, whatever was remembered. */
  public synchronized void accept(History history) throws IOException {
    if (replaced != null) {
      replaced.writeOriginals(List.of());
      replaced = null;
    }
    memory = RememberedHead.NONE;
    write(new RememberedHead(
        history.headPosition(), history.headHash(), newest(history), memory.commitNanos));
  }

  private Map<KeyedId, Newest> newest(History history) {
    Map<KeyedId, Newest> newest = new HashMap<>();
    for (CatalogEntry entry : history.snapshots()) {
      SnapshotRecord snapshot = entry.snapshot();
      if (Snapshots.countsAsLatest(snapshot.purpose())) {
        Newest one = new Newest(entry.id(), entry.position());
        snapshot.components().forEach(c -> newest.put(tag(snapshot.host(), c.name()), one));
      }
    }
    return newest;
  }

  /** The newest snapshot of a component that this client remembers. */
  public synchronized Optional<Newest> newest(String host, String component) {
    return Optional.ofNullable(memory.newest.get(tag(host, component)));
  }

  private KeyedId tag(String host, String component) {
    byte[] name = (host + "\0" + component).getBytes(StandardCharsets.UTF_8);
    return KeyedId.read(keys.clientTag(name), 0);
  }

  private RememberedHead readMemory() throws IOException {
    Optional<byte[]> text = open(HEAD);
    if (text.isEmpty()) {
      return RememberedHead.NONE;
    }
    try {
      BytesReader in = new BytesReader(text.get());
      long position = in.varint(Long.MAX_VALUE);
      EntryFile.Hash hash = EntryFile.Hash.of(in.raw(32));
      int count = in.varint(Limits.MAX_LIST);
      Map<KeyedId, Newest> newest = new HashMap<>();
      for (int i = 0; i < count; i++) {
        KeyedId tag = in.id();
        newest.put(tag, new Newest(Bytes16.of(in.raw(16)), in.varint(Long.MAX_VALUE)));
      }
      long commitNanos = in.varint(Long.MAX_VALUE);
      in.end();
      return new RememberedHead(position, hash, newest, commitNanos);
    } catch (MalformedException e) {
      log.warn(
          "Cannot read what this client remembers of the repository; a rollback of it would not be noticed now");
      return RememberedHead.NONE;
    }
  }

  private void write(RememberedHead latest) throws IOException {
    RememberedHead next = latest;
    RememberedHead onDisk = readMemory();
    if (onDisk.position > next.position && memory.position >= 0) {
      // Another process of this client has seen more meanwhile.
      Map<KeyedId, Newest> newest = new HashMap<>(onDisk.newest);
      next.newest.forEach((tag, one) -> newest.merge(tag, one, Newest::later));
      next = new RememberedHead(onDisk.position, onDisk.hash, newest, next.commitNanos);
    }
    BytesWriter out = new BytesWriter().varint(next.position).raw(next.hash.toBytes());
    out.varint(next.newest.size());
    next.newest.forEach((tag, one) -> out.id(tag).raw(one.snapshot.toBytes()).varint(one.position));
    out.varint(next.commitNanos);
    directory.write(HEAD, seals.sealClient(out.toBytes()));
    memory = next;
  }

  /** How long commits take, from the last file read to the entry; 0 if that is not known. */
  public synchronized long commitNanos() {
    return memory.commitNanos;
  }

  /** The host name that was given once and kept. */
  Optional<String> host() throws IOException {
    return open(HOST).map(text -> new String(text, StandardCharsets.UTF_8));
  }

  /** Keeps a host name. */
  void rememberHost(String host) throws IOException {
    if (!host().equals(Optional.of(host))) {
      directory.write(HOST, seals.sealClient(host.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** Returns where restores in place are registered; see the engine's restore. */
  public StateDirectory restores() {
    return restores;
  }

  private Optional<byte[]> open(String name) throws IOException {
    Optional<byte[]> file = directory.read(name);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(seals.openClient(file.get()));
    } catch (MalformedException e) {
      log.warn("The state file {} is damaged or of another repository, and is ignored", name);
      return Optional.empty();
    }
  }
}
