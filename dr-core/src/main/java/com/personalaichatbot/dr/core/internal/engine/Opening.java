package com.personalaichatbot.dr.core.internal.engine;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.compress.Codec;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.EntryKind;
import com.personalaichatbot.dr.core.internal.format.Extension;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.RepositoryFormat;
import com.personalaichatbot.dr.core.internal.format.SlotsRecord;
import com.personalaichatbot.dr.core.internal.format.UnknownVersionException;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.operation.RepositoryExistsException;
import com.personalaichatbot.dr.core.operation.RepositoryNotFoundException;
import com.personalaichatbot.dr.core.operation.UnsupportedFormatException;
import com.personalaichatbot.dr.core.operation.WrongKeyException;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.crypto.DamagedSlotException;
import com.personalaichatbot.dr.crypto.KdfParameters;
import com.personalaichatbot.dr.crypto.KeySlot;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import com.personalaichatbot.dr.crypto.UnsupportedSlotException;
import com.personalaichatbot.dr.crypto.WrongPassphraseException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes and opens repositories.
 *
 * <p>Making one writes key slots, then the first catalog entry, then FORMAT, which is the commit:
 * before FORMAT there is no repository, and a later attempt with the same passphrase finishes what
 * an interrupted one began. Opening one finds a slot that the passphrase opens, and then verifies
 * FORMAT under the root key before any of its values counts (invariant 24).
 */
public final class Opening {
  /** The name of FORMAT and of its copy. */
  public static final List<String> FORMAT_FILES = List.of("FORMAT", "FORMAT.copy");

  private final Storage storage;
  private final SlotFiles slotFiles;
  private final SecureRandom random;
  private final Clock clock;

  /** Works on this storage. */
  public Opening(Storage storage, SecureRandom random, Clock clock) {
    this.storage = storage;
    this.slotFiles = new SlotFiles(storage);
    this.random = random;
    this.clock = clock;
  }

  /** A repository's format and the keys that opened it; the caller closes the keys. */
  public record Opened(RepositoryFormat format, RepositoryKeys keys) {}

  /** Makes a repository that a passphrase opens. */
  public Opened create(Secret passphrase, KdfParameters kdf) throws IOException {
    refuseExisting();
    Optional<KeySlot> begun = slotFiles.readable().stream().findFirst();
    if (begun.isPresent()) {
      return finishBegun(begun.get(), passphrase);
    }
    try (RootKey root = RootKey.generate(random)) {
      RepositoryFormat format = newFormat(newBytes16());
      byte[] file = formatFile(format, root);
      Bytes16 slotId = newBytes16();
      KeySlot slot = KeySlot.create(
          root,
          passphrase,
          format.repositoryId().toBytes(),
          slotId.toBytes(),
          clock.millis(),
          kdf,
          file,
          random);
      try {
        writeBoth(slot);
        return commit(root, format, file, List.of(slotId));
      } catch (RepositoryExistsException e) {
        slotFiles.delete(List.of(slotId));
        throw e;
      }
    }
  }

  /** Makes a repository whose root key the caller keeps. */
  public Opened create(RootKey root) throws IOException {
    refuseExisting();
    RepositoryFormat format = newFormat(begunId().orElseGet(this::newBytes16));
    return commit(root, format, formatFile(format, root), List.of());
  }

  private Opened finishBegun(KeySlot slot, Secret passphrase) throws IOException {
    try (RootKey root = slot.unwrap(passphrase)) {
      RepositoryFormat format = RepositoryFormat.parse(slot.formatBytes());
      writeBoth(slot);
      return commit(root, format, slot.formatBytes(), List.of(Bytes16.of(slot.slotId())));
    } catch (WrongPassphraseException e) {
      throw new WrongKeyException(
          storage.location(),
          "an earlier attempt to make a repository here, with another passphrase, was interrupted",
          "use that passphrase, or an empty directory");
    } catch (DamagedSlotException
        | UnsupportedSlotException
        | MalformedException
        | UnknownVersionException e) {
      throw unsupported(SlotFiles.DIRECTORY, e);
    }
  }

  /** Writes both copies of a slot, as far as they are not there, and makes them durable. */
  private void writeBoth(KeySlot slot) throws IOException {
    for (String name : SlotFiles.names(Bytes16.of(slot.slotId()))) {
      writeOnce(name, slot.bytes());
    }
    storage.sync(SlotFiles.DIRECTORY);
  }

  private Opened commit(RootKey root, RepositoryFormat format, byte[] file, List<Bytes16> slots)
      throws IOException {
    RepositoryKeys keys = keys(root, format);
    try {
      Seals seals = new Seals(format.repositoryId(), keys, random);
      SlotsRecord genesis =
          new SlotsRecord(EntryKind.GENESIS, clock.instant(), slots, Extension.NONE);
      byte[] entry = seals.sealEntry(
          0, EntryFile.Hash.NONE, newBytes16(), newBytes16(), genesis.encode(), new byte[0]);
      try {
        write(EntryFile.name(0), entry);
      } catch (FileAlreadyExistsException e) {
        if (new Catalog(storage, seals, newBytes16()).read().headPosition() != 0) {
          throw begunByAnother();
        }
      }
      storage.sync(EntryFile.DIRECTORY);
      for (String name : FORMAT_FILES) {
        writeOnce(name, file);
      }
      storage.sync("");
      Reserve.make(storage);
      return new Opened(format, keys);
    } catch (IOException | RuntimeException | Error e) {
      keys.close();
      throw e;
    }
  }

  /** Writes a file that an interrupted attempt may have written already. */
  private void writeOnce(String name, byte[] bytes) throws IOException {
    try {
      write(name, bytes);
    } catch (FileAlreadyExistsException e) {
      if (!Arrays.equals(read(storage, name, bytes.length + 1), bytes)) {
        throw begunByAnother();
      }
    }
  }

  private RepositoryExistsException begunByAnother() {
    return new RepositoryExistsException(
        storage.location(),
        "somebody else makes a repository here, or began to with another key",
        "open that one when it is made, or name another directory");
  }

  /** The id of the repository that an interrupted attempt began to make. */
  private Optional<Bytes16> begunId() throws IOException {
    try {
      return EntryFile.repositoryIdOf(read(storage, EntryFile.name(0), EntryFile.HEADER));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private void refuseExisting() throws IOException {
    if (exists()) {
      throw new RepositoryExistsException(
          storage.location(),
          "there is a repository already",
          "open it, or name another directory");
    }
    for (StoredFile file : listIfThere("")) {
      if (!FORMAT_FILES.contains(file.name()) && !isOfMaking(file.name())) {
        throw new RepositoryExistsException(
            storage.location(),
            "it holds something that is no repository, " + file.name(),
            "name an empty directory, or one that does not exist yet");
      }
    }
  }

  /** Whether making a repository may leave a file of this name before FORMAT. */
  private static boolean isOfMaking(String name) {
    return name.equals(EntryFile.name(0))
        || name.equals("lock")
        || name.startsWith(SlotFiles.DIRECTORY + "/")
        || name.startsWith("tmp/");
  }

  /** Files below a prefix; none where the place itself does not exist yet. */
  private List<StoredFile> listIfThere(String prefix) throws IOException {
    try {
      return storage.list(prefix);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static RepositoryFormat newFormat(Bytes16 id) {
    return RepositoryFormat.of(id, (Codec.zstdAvailable() ? Codec.ZSTD : Codec.DEFLATE).code());
  }

  private byte[] formatFile(RepositoryFormat format, RootKey root) {
    byte[] text = format.unauthenticated();
    try (RepositoryKeys keys = keys(root, format)) {
      return format.encode(keys.formatMac(text, 0, text.length));
    }
  }

  private static RepositoryKeys keys(RootKey root, RepositoryFormat format) {
    return root.derive(format.repositoryId().toBytes(), Limits.SUITE, Limits.EPOCH);
  }

  private Bytes16 newBytes16() {
    byte[] bytes = new byte[Bytes16.BYTES];
    random.nextBytes(bytes);
    return Bytes16.of(bytes);
  }

  private void write(String name, byte[] bytes) throws IOException {
    try (StorageWriter out = storage.create()) {
      out.write(bytes, 0, bytes.length);
      out.commit(name);
    }
  }

  /**
   * Whether there is a repository. A FORMAT file without its copy, and nothing besides that making
   * one does not leave, is none yet.
   */
  public boolean exists() throws IOException {
    int formats = 0;
    boolean used = false;
    for (StoredFile file : listIfThere("")) {
      if (FORMAT_FILES.contains(file.name())) {
        formats++;
      } else {
        used |= !isOfMaking(file.name());
      }
    }
    return formats == FORMAT_FILES.size() || formats > 0 && used;
  }

  /** Opens a repository with a passphrase. */
  public Opened open(Secret passphrase) throws IOException {
    try (Unlocked unlocked = unlock(passphrase)) {
      return authenticate(unlocked.root(), unlocked.formats());
    }
  }

  /**
   * A root key, the live slot that it came from, and what stands in FORMAT, its copy and the slot.
   */
  private record Unlocked(RootKey root, KeySlot slot, List<byte[]> formats)
      implements AutoCloseable {
    @Override
    public void close() {
      root.close();
    }
  }

  private Unlocked unlock(Secret passphrase) throws IOException {
    List<byte[]> formats = formats();
    Set<Bytes16> selected = requireFormat(formats);
    List<String> problems = new ArrayList<>();
    Map<String, List<KeySlot>> slots = slotFiles.read(problems);
    for (List<KeySlot> copies : slots.values()) {
      for (KeySlot slot : copies) {
        String name = "slot " + Bytes16.of(slot.slotId());
        if (!selected.isEmpty() && !selected.contains(Bytes16.of(slot.repositoryId()))) {
          problems.add(name + " is of another repository");
          continue;
        }
        try {
          RootKey root = slot.unwrap(passphrase);
          List<byte[]> all = new ArrayList<>(formats);
          all.add(slot.formatBytes());
          Unlocked unlocked = new Unlocked(root, slot, all);
          if (isWeak(unlocked)) {
            problems.add(name + " costs less to guess than this repository allows");
          } else if (isLive(unlocked)) {
            return unlocked;
          } else {
            problems.add(name + ", which it opens, was removed");
          }
          root.close();
          break;
        } catch (WrongPassphraseException e) {
          break;
        } catch (DamagedSlotException e) {
          problems.add(name + " is damaged: " + e.getMessage());
        } catch (UnsupportedSlotException e) {
          problems.add(name + " is not supported: " + e.getMessage());
        }
      }
    }
    throw new WrongKeyException(
        storage.location(),
        slots.isEmpty() && problems.isEmpty()
            ? "it has no key slot"
            : "the passphrase opens none of its key slots"
                + (problems.isEmpty() ? "" : " (" + String.join("; ", problems) + ")"),
        problems.isEmpty()
            ? "check the passphrase, also for the keyboard layout and blanks at its ends"
            : "check the passphrase; if a slot is damaged, heal it from a copy");
  }

  private boolean isWeak(Unlocked unlocked) throws IOException {
    Opened opened = authenticate(unlocked.root(), unlocked.formats());
    opened.keys().close();
    KdfParameters kdf = unlocked.slot().kdf();
    return kdf.memoryKiB() < opened.format().kdfMemoryKiB()
        || kdf.iterations() < opened.format().kdfIterations()
        || kdf.parallelism() < opened.format().kdfParallelism();
  }

  private boolean isLive(Unlocked unlocked) throws IOException {
    try (RepositoryKeys keys = authenticate(unlocked.root(), unlocked.formats()).keys()) {
      Bytes16 id = Bytes16.of(unlocked.slot().slotId());
      Seals seals = new Seals(Bytes16.of(unlocked.slot().repositoryId()), keys, random);
      History history = new Catalog(storage, seals, id).read();
      Set<Bytes16> live = history.liveSlots();
      return live.isEmpty() || live.contains(id) || history.mayHaveOtherSlots();
    }
  }

  /** A slot that was written and read back but is not live yet, and the one that opened the way. */
  record SlotWritten(Bytes16 added, Bytes16 opened) {}

  /** Writes a slot for another passphrase; it is durable and was opened again. */
  SlotWritten writeSlot(Secret current, Secret next, KdfParameters kdf) throws IOException {
    try (Unlocked unlocked = unlock(current)) {
      Bytes16 id = newBytes16();
      KeySlot slot = KeySlot.create(
          unlocked.root(),
          next,
          unlocked.slot().repositoryId(),
          id.toBytes(),
          clock.millis(),
          kdf,
          unlocked.slot().formatBytes(),
          random);
      writeBoth(slot);
      requireOpens(SlotFiles.names(id).get(0), next);
      return new SlotWritten(id, Bytes16.of(unlocked.slot().slotId()));
    }
  }

  private void requireOpens(String name, Secret passphrase) throws IOException {
    try {
      KeySlot.parse(read(storage, name, KeySlot.MAX_BYTES + 1))
          .unwrap(passphrase)
          .close();
    } catch (DamagedSlotException | UnsupportedSlotException | WrongPassphraseException e) {
      throw new IOException(name + " was just written and does not open", e);
    }
  }

  /** Opens a repository with its root key. */
  public Opened open(RootKey root) throws IOException {
    List<byte[]> formats = formats();
    requireFormat(formats);
    return authenticate(root, formats);
  }

  /** What stands in FORMAT and its copy, as far as they are there. */
  private List<byte[]> formats() throws IOException {
    List<byte[]> formats = new ArrayList<>();
    IOException unreadable = null;
    for (String name : FORMAT_FILES) {
      try {
        formats.add(read(storage, name, Limits.MAX_FORMAT + 1));
      } catch (NoSuchFileException e) {
        continue;
      } catch (IOException e) {
        unreadable = e;
      }
    }
    if (formats.isEmpty() && unreadable != null && !isBelowFile()) {
      throw unreadable;
    }
    if (formats.isEmpty()) {
      throw new RepositoryNotFoundException(
          storage.location(), "there is no repository", "check the path; init makes a repository");
    }
    return formats;
  }

  /** Whether no directory can be there, because a file stands in its place or above it. */
  private boolean isBelowFile() {
    Path place = storage.localPath().map(Path::toAbsolutePath).orElse(null);
    while (place != null && !Files.isRegularFile(place)) {
      place = place.getParent();
    }
    return place != null;
  }

  /** The repositories that they name; none if a key slot has to help out. */
  private Set<Bytes16> requireFormat(List<byte[]> formats) throws IOException {
    boolean ours = false;
    UnknownVersionException newer = null;
    Set<Bytes16> named = new HashSet<>();
    for (byte[] file : formats) {
      ours |= RepositoryFormat.looksLike(file);
      try {
        named.add(RepositoryFormat.parse(file).repositoryId());
      } catch (MalformedException e) {
        continue;
      } catch (UnknownVersionException e) {
        newer = e;
      }
    }
    if (newer != null && named.isEmpty()) {
      throw unsupported(FORMAT_FILES.get(0), newer);
    }
    if (!ours && listIfThere(SlotFiles.DIRECTORY).isEmpty()) {
      throw new RepositoryNotFoundException(
          storage.location(),
          "the file FORMAT is not that of a repository",
          "check the path; init makes a repository");
    }
    return named;
  }

  private UnsupportedFormatException unsupported(String object, Exception cause) {
    return new UnsupportedFormatException(
        object, cause.getMessage(), "use a newer version of this library", cause);
  }

  private Opened authenticate(RootKey root, List<byte[]> formats) throws IOException {
    for (byte[] file : formats) {
      RepositoryFormat format;
      try {
        format = RepositoryFormat.parse(file);
      } catch (MalformedException | UnknownVersionException e) {
        continue;
      }
      RepositoryKeys keys = keys(root, format);
      byte[] text = format.unauthenticated();
      if (MessageDigest.isEqual(
          keys.formatMac(text, 0, text.length), RepositoryFormat.macOf(file))) {
        return new Opened(format, keys);
      }
      keys.close();
    }
    throw new WrongKeyException(
        FORMAT_FILES.get(0),
        "it was not written with this key",
        "check the key; if it is right, heal it from a copy of the repository");
  }

  /** The bytes of a small file; one that is longer than {@code most} is cut there. */
  public static byte[] read(Storage storage, String name, int most) throws IOException {
    byte[] bytes = new byte[(int) Math.min(most, storage.length(name))];
    int count = storage.read(name, 0, bytes, 0, bytes.length);
    return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
  }
}
