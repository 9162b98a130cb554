package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.BytesReader;
import com.personalaichatbot.dr.core.internal.format.BytesWriter;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.internal.store.StateDirectory;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.storage.NotRegularFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores in place that this client began, each in a file of the state directory: its key, its
 * places and its phase. The files are not sealed, so that an undo needs no repository. All
 * repositories that share a state directory share them. Thread-safe; two processes never write the
 * file of one restore at the same time, because each holds its places.
 */
public final class RestoreRegister {
  static final int KEY = 32;

  private static final Logger log = LoggerFactory.getLogger(RestoreRegister.class);

  private static final int VERSION = 1;
  private static final int MAX_PLACES = 10_000;

  private final StateDirectory directory;
  private final FileSystem fileSystem;

  public RestoreRegister(StateDirectory directory, FileSystem fileSystem) {
    this.directory = directory;
    this.fileSystem = fileSystem;
  }

  RestoreRegister(Session session) {
    this(session.state().restores(), session.fileSystem());
  }

  /** Progress of a restore as a whole. */
  public enum Phase {
    /** It is being staged; places may be listed that are not made yet. */
    STAGING,
    /** All members are listed; the journals tell how far it is. */
    OPEN,
    /** It is complete, and can be undone. */
    COMPLETE,
    /** Its undo began. */
    UNDOING,
    /** Whatever is left of it is to be removed. */
    ENDED
  }

  /**
   * One restore.
   *
   * @param number grows with each restore
   * @param key what its journals are sealed under
   * @param places of its members, the deciding one first
   */
  public record Entry(
      Bytes16 restore,
      Bytes16 repository,
      long number,
      byte[] key,
      Phase phase,
      List<Path> places) {

    Entry in(Phase newPhase) {
      return new Entry(restore, repository, number, key, newPhase, places);
    }

    public Entry at(List<Path> newPlaces) {
      return new Entry(restore, repository, number, key, phase, List.copyOf(newPlaces));
    }

    Entry without(Path place) {
      List<Path> others = new ArrayList<>(places);
      others.remove(place);
      return at(others);
    }

    boolean sharesPlaceWith(Entry other) {
      return places.stream().anyMatch(other.places::contains);
    }
  }

  /** Whether this client has ever registered a restore. One that has knows all its restores. */
  public boolean exists() {
    return directory.exists();
  }

  /**
   * Returns all restores, the oldest first. A file that is not one, or is damaged, is named in the
   * log and blocks none of them.
   */
  public List<Entry> list() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String name : directory.names()) {
      if (!isName(name)) {
        log.warn("{} is not the record of a restore and is left in place; delete it", file(name));
        continue;
      }
      try {
        read(name).ifPresent(entries::add);
      } catch (RestoreRefusedException e) {
        log.warn("Cannot complete or undo a restore in place: {}; {}", e.getMessage(), e.action());
      }
    }
    entries.sort(Comparator.comparingLong(Entry::number));
    return entries;
  }

  /** Returns the restores that are complete and can be undone, the oldest first. */
  public List<Entry> undoable() throws IOException {
    return list().stream().filter(entry -> entry.phase == Phase.COMPLETE).toList();
  }

  /** Where the restores of this client are registered; empty if only in memory. */
  public Optional<Path> place() {
    return directory.path();
  }

  /**
   * Checks that the state of every restore can be read.
   *
   * @throws RestoreRefusedException if one cannot
   */
  public void requireReadable() throws IOException {
    for (String name : directory.names()) {
      if (isName(name)) {
        read(name);
      }
    }
  }

  private static boolean isName(String name) {
    return name.matches("[0-9a-f]{32}");
  }

  private String file(String name) {
    return directory.path().map(d -> d.resolve(name).toString()).orElse(name);
  }

  /** Returns the number for the next restore. */
  public long nextNumber() throws IOException {
    List<Entry> entries = list();
    return entries.isEmpty() ? 1 : entries.get(entries.size() - 1).number + 1;
  }

  public Optional<Entry> find(Bytes16 restore) throws IOException {
    return read(restore.toString());
  }

  private Optional<Entry> read(String name) throws IOException {
    Optional<byte[]> bytes;
    try {
      bytes = directory.read(name);
    } catch (NotRegularFileException e) {
      throw new RestoreRefusedException(
          file(name),
          "the state of a restore in place belongs there, and it is no regular file",
          "move it away; if it was not you who put it there, look who did. Then confirm the places"
              + " of that restore: dr undo --confirm DIRECTORY",
          e);
    }
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      BytesReader in = new BytesReader(bytes.get());
      int version = in.u8();
      if (version != VERSION) {
        throw new MalformedException("version " + version + " is unknown");
      }
      Bytes16 restore = Bytes16.of(in.raw(Bytes16.BYTES));
      Bytes16 repository = Bytes16.of(in.raw(Bytes16.BYTES));
      long number = in.varint(Long.MAX_VALUE);
      byte[] key = in.raw(KEY);
      Phase phase = Phase.values()[in.varint(Phase.values().length - 1)];
      List<Path> places = new ArrayList<>();
      int count = in.varint(MAX_PLACES);
      for (int i = 0; i < count; i++) {
        places.add(path(fileSystem, in.block(Limits.MAX_PATH)));
      }
      in.end();
      return Optional.of(new Entry(restore, repository, number, key, phase, List.copyOf(places)));
    } catch (MalformedException e) {
      throw new RestoreRefusedException(
          file(name),
          "the state of a restore in place is damaged: " + e.getMessage(),
          "delete the file; then confirm the places of that restore: dr undo --confirm DIRECTORY");
    }
  }

  /** Writes a restore; durable on return. */
  public void write(Entry entry) throws IOException {
    BytesWriter out = new BytesWriter().u8(VERSION).raw(entry.restore.toBytes());
    out.raw(entry.repository.toBytes()).varint(entry.number).raw(entry.key);
    out.varint(entry.phase.ordinal()).varint(entry.places.size());
    entry.places.forEach(place -> out.block(Snapshots.rawPath(place)));
    directory.write(entry.restore.toString(), out.toBytes());
  }

  /** Forgets a restore and its key. */
  public void forget(Entry entry) throws IOException {
    directory.delete(entry.restore.toString());
  }

  /** The path of raw bytes as {@link Snapshots#rawPath} gives them. */
  public static Path path(FileSystem fileSystem, byte[] raw) {
    if (raw.length == 0 || raw[0] != '/') {
      return fileSystem.getPath(new String(raw, StandardCharsets.UTF_8));
    }
    Path path = fileSystem.getPath("/");
    int from = 1;
    for (int i = 1; i <= raw.length; i++) {
      if (i == raw.length || raw[i] == '/') {
        if (i > from) {
          path = NativeNames.resolve(path, Arrays.copyOfRange(raw, from, i));
        }
        from = i + 1;
      }
    }
    return path;
  }
}
