package com.personalaichatbot.dr.core.internal.opening;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.compress.Codec;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.EntryKind;
import com.personalaichatbot.dr.core.internal.format.Extension;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.RepositoryFormat;
import com.personalaichatbot.dr.core.internal.format.SlotsRecord;
import com.personalaichatbot.dr.core.internal.format.UnknownVersionException;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.internal.session.CopiedStorage;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.NotEnoughMemoryException;
import com.personalaichatbot.dr.core.operation.RepositoryExistsException;
import com.personalaichatbot.dr.core.operation.RepositoryNotFoundException;
import com.personalaichatbot.dr.core.operation.UnsupportedFormatException;
import com.personalaichatbot.dr.core.operation.WrongKeyException;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.crypto.DamagedSlotException;
import com.personalaichatbot.dr.crypto.Derivation;
import com.personalaichatbot.dr.crypto.KdfParameters;
import com.personalaichatbot.dr.crypto.KeySlot;
import com.personalaichatbot.dr.crypto.PassphraseKey;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import com.personalaichatbot.dr.crypto.TooLittleMemoryException;
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
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
 *
 * <p>All ordinary slots share the derivation that FORMAT names, so that slots which somebody adds
 * cost nothing: the passphrase is derived once, whatever lies in {@code keys}. Before its MAC
 * verifies, FORMAT itself may be somebody else's; at most {@link #MAX_DERIVATIONS} are made.
 */
public final class RepositoryOpener {
  /** The name of FORMAT and of its copy. */
  public static final List<String> FORMAT_FILES = List.of("FORMAT", "FORMAT.copy");

  /** How a problem reads of a key slot that is not what was written. */
  static final String DAMAGED = " is damaged: ";

  /** How many problems with key slots a message names. */
  private static final int LISTED = 5;

  /**
   * The most derivations of one opening: FORMAT's, that of its copy if it is another, and two that
   * slots name where neither of these is named by a slot.
   */
  private static final int MAX_DERIVATIONS = 4;

  private final Storage storage;
  private final SlotFiles slotFiles;
  private final SecureRandom random;
  private final Clock clock;
  private final Optional<String> named;

  /** Works on this storage. */
  public RepositoryOpener(Storage storage, SecureRandom random, Clock clock) {
    this(storage, random, clock, Optional.empty());
  }

  /** Works on this storage, and opens no other slot than the one that is named, if one is. */
  public RepositoryOpener(
      Storage storage, SecureRandom random, Clock clock, Optional<String> named) {
    this.named = named;
    this.storage = storage;
    this.slotFiles = new SlotFiles(storage);
    this.random = random;
    this.clock = clock;
  }

  /**
   * A repository's format and the keys that opened it; the caller closes the keys.
   *
   * @param bySlot whether they come from a key slot
   * @param created whether the repository was made just now
   */
  public record Opened(
      RepositoryFormat format, RepositoryKeys keys, boolean bySlot, boolean created) {
    private Opened(RepositoryFormat format, RepositoryKeys keys) {
      this(format, keys, false, false);
    }

    private Opened fromSlot() {
      return new Opened(format, keys, true, created);
    }

    private Opened justCreated() {
      return new Opened(format, keys, bySlot, true);
    }
  }

  /** Makes a repository that a passphrase opens. */
  public Opened create(Secret passphrase, KdfParameters kdf) throws IOException {
    refuseExisting();
    Optional<KeySlot> begun =
        slotFiles.readable().stream().filter(KeySlot::isOfPassphrase).findFirst();
    if (begun.isPresent()) {
      return finishBegun(begun.get(), passphrase);
    }
    try (RootKey root = RootKey.generate(random);
        PassphraseKey key = Derivation.fresh(kdf, random).derive(passphrase)) {
      RepositoryFormat format = newFormat(newBytes16(), key.derivation());
      byte[] file = formatFile(format, root);
      Bytes16 slotId = newBytes16();
      KeySlot slot = KeySlot.create(root, key, label(format, slotId, file), random);
      try {
        writeBoth(slot);
        return commit(root, format, file, List.of(slotId)).fromSlot();
      } catch (RepositoryExistsException e) {
        slotFiles.delete(List.of(slotId));
        throw e;
      }
    } catch (TooLittleMemoryException e) {
      throw tooLittleMemory(e);
    }
  }

  private KeySlot.Label label(RepositoryFormat format, Bytes16 slotId, byte[] file) {
    return new KeySlot.Label(
        format.repositoryId().toBytes(), slotId.toBytes(), clock.millis(), file);
  }

  /** Makes a repository whose root key the caller keeps. */
  public Opened create(RootKey root) throws IOException {
    refuseExisting();
    Optional<byte[]> begun = begunFormat(root);
    if (begun.isPresent()) {
      try {
        return commit(root, RepositoryFormat.parse(begun.get()), begun.get(), List.of());
      } catch (MalformedException | UnknownVersionException e) {
        throw unsupported(FORMAT_FILES.get(0), e);
      }
    }
    RepositoryFormat format = newFormat(
        begunId().orElseGet(this::newBytes16),
        Derivation.fresh(KdfParameters.recommended(), random));
    return commit(root, format, formatFile(format, root), List.of());
  }

  /** The FORMAT that an interrupted attempt with the same root key left, in either of its files. */
  private Optional<byte[]> begunFormat(RootKey root) throws IOException {
    for (String name : FORMAT_FILES) {
      try {
        byte[] file = read(storage, name, Limits.MAX_FORMAT + 1);
        if (isOf(root, file)) {
          return Optional.of(file);
        }
      } catch (NoSuchFileException e) {
        continue;
      }
    }
    return Optional.empty();
  }

  private Opened finishBegun(KeySlot slot, Secret passphrase) throws IOException {
    RepositoryFormat format;
    try {
      format = RepositoryFormat.parse(slot.formatBytes());
    } catch (MalformedException | UnknownVersionException e) {
      throw unsupported(SlotFiles.DIRECTORY, e);
    }
    try (PassphraseKey key = format.derivation().derive(passphrase);
        RootKey root = slot.unwrap(key)) {
      writeBoth(slot);
      return commit(root, format, slot.formatBytes(), List.of(Bytes16.of(slot.slotId())))
          .fromSlot();
    } catch (WrongPassphraseException e) {
      throw new WrongKeyException(
          storage.location(),
          "an earlier attempt to make a repository here, with another passphrase, was interrupted",
          "use that passphrase, or an empty directory");
    } catch (TooLittleMemoryException e) {
      throw tooLittleMemory(e);
    } catch (DamagedSlotException | UnsupportedSlotException e) {
      throw unsupported(SlotFiles.DIRECTORY, e);
    }
  }

  private NotEnoughMemoryException tooLittleMemory(TooLittleMemoryException cause) {
    return new NotEnoughMemoryException(
        storage.location(),
        cause.getMessage(),
        "start Java with a larger heap, such as -Xmx256m, and call it again",
        cause);
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
      return new Opened(format, keys).justCreated();
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
        requireNoRemains();
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

  private static RepositoryFormat newFormat(Bytes16 id, Derivation derivation) {
    return RepositoryFormat.of(
        id, (Codec.zstdAvailable() ? Codec.ZSTD : Codec.DEFLATE).code(), derivation);
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
   * one does not leave, is not one yet.
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
      return authenticate(unlocked.root(), unlocked.formats()).fromSlot();
    }
  }

  /**
   * A root key, the live slot that it came from, the derivation of the passphrase that opened it,
   * and what is in FORMAT, its copy and the slot.
   */
  private record Unlocked(RootKey root, KeySlot slot, Derivation derivation, List<byte[]> formats)
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
    List<KeySlot> slots = candidates(selected, problems);
    TooLittleMemoryException tooLittle = null;
    for (Derivation derivation : derivations(formats, slots)) {
      try (PassphraseKey key = derivation.derive(passphrase)) {
        Optional<Unlocked> unlocked = unlock(key, slots, formats, problems);
        if (unlocked.isPresent()) {
          return unlocked.get();
        }
      } catch (TooLittleMemoryException e) {
        tooLittle = e;
      }
    }
    if (tooLittle != null) {
      throw tooLittleMemory(tooLittle);
    }
    requireReadable(slots, problems);
    throw new WrongKeyException(
        storage.location(),
        "the passphrase opens none of its key slots"
            + (problems.isEmpty() ? "" : " (" + listed(problems) + ")"),
        problems.isEmpty()
            ? "check the passphrase, also for the keyboard layout and blanks at its ends; if its key slot"
                + " was lost, dr heal COPY puts it back"
            : "check the passphrase; if a slot is damaged or an entry lost, heal the repository"
                + " from a copy: dr heal COPY");
  }

  /** Tells slots that are lost from a passphrase that is wrong. */
  private void requireReadable(List<KeySlot> slots, List<String> problems)
      throws WrongKeyException, CorruptRepositoryException {
    if (slots.isEmpty() && problems.isEmpty()) {
      throw new WrongKeyException(
          storage.location(),
          "it has no key slot, so no passphrase opens it: its directory " + SlotFiles.DIRECTORY
              + "/ is lost, or an application keeps its root key",
          "put the key slots back from a copy of the repository: dr heal COPY");
    }
    if (slots.isEmpty() && problems.stream().allMatch(problem -> problem.contains(DAMAGED))) {
      throw new CorruptRepositoryException(
          storage.location(),
          "no key slot can be read; this says nothing about the passphrase (" + listed(problems)
              + ")",
          "put the key slots back from a copy of the repository: dr heal COPY");
    }
  }

  /**
   * The slots of which a passphrase may open one: the one that is named, else all ordinary ones.
   */
  private List<KeySlot> candidates(Set<Bytes16> selected, List<String> problems)
      throws IOException {
    Map<String, List<KeySlot>> all = slotFiles.read(problems);
    if (named.isPresent() && !all.containsKey(named.get())) {
      throw new WrongKeyException(
          storage.location(),
          "it has no key slot " + named.get() + " that can be read",
          "list the key slots with dr key list, or name none");
    }
    List<KeySlot> slots = new ArrayList<>();
    Set<String> dear = new LinkedHashSet<>();
    for (Map.Entry<String, List<KeySlot>> copies : all.entrySet()) {
      if (named.isPresent() && !named.get().equals(copies.getKey())) {
        continue;
      }
      for (KeySlot slot : copies.getValue()) {
        String name = "slot " + copies.getKey();
        if (!selected.isEmpty() && !selected.contains(Bytes16.of(slot.repositoryId()))) {
          problems.add(name + " is of another repository");
        } else if (!slot.isOfPassphrase()) {
          problems.add(name + " is of a kind that no passphrase opens");
        } else if (slot.derivation().isPresent() && named.isEmpty()) {
          dear.add(copies.getKey());
        } else {
          slots.add(slot);
        }
      }
    }
    if (!dear.isEmpty()) {
      problems.add("slot "
          + dear.iterator().next()
          + (dear.size() == 1 ? "" : " and " + (dear.size() - 1) + " more")
          + " with a cost of its own is opened only when it is named: --slot ID");
    }
    return slots;
  }

  /**
   * How to derive the passphrase: as FORMAT and its copy say. What slots say counts where no slot
   * agrees with either of these, since then both are lost or somebody else's; first what most slots
   * say, then what costs least.
   */
  private List<Derivation> derivations(List<byte[]> formats, List<KeySlot> slots) {
    Map<Derivation, Integer> bySlots = new LinkedHashMap<>();
    for (KeySlot slot : slots) {
      slot.derivation()
          .or(() -> derivationIn(slot.formatBytes()))
          .ifPresent(derivation -> bySlots.merge(derivation, 1, Integer::sum));
    }
    Set<Derivation> result = new LinkedHashSet<>();
    formats.forEach(file -> derivationIn(file).ifPresent(result::add));
    if (named.isPresent()) {
      result.clear();
    }
    if (bySlots.keySet().stream().noneMatch(result::contains)) {
      bySlots.entrySet().stream()
          .sorted(Comparator.<Map.Entry<Derivation, Integer>>comparingInt(e -> -e.getValue())
              .thenComparingLong(e -> costOf(e.getKey())))
          .limit(MAX_DERIVATIONS - FORMAT_FILES.size())
          .forEach(e -> result.add(e.getKey()));
    }
    return List.copyOf(result);
  }

  private static Optional<Derivation> derivationIn(byte[] file) {
    try {
      return Optional.of(RepositoryFormat.parse(file).derivation());
    } catch (MalformedException | UnknownVersionException e) {
      return Optional.empty();
    }
  }

  private static long costOf(Derivation derivation) {
    return (long) derivation.cost().memoryKiB() * derivation.cost().iterations();
  }

  /** The live slot that this key opens; empty if none exists. */
  private Optional<Unlocked> unlock(
      PassphraseKey key, List<KeySlot> slots, List<byte[]> formats, List<String> problems)
      throws IOException {
    for (KeySlot slot : slots) {
      String name = "slot " + Bytes16.of(slot.slotId());
      if (slot.derivation().filter(own -> !own.equals(key.derivation())).isPresent()) {
        continue;
      }
      try {
        RootKey root = slot.unwrap(key);
        List<byte[]> all = new ArrayList<>(formats);
        all.add(slot.formatBytes());
        Unlocked unlocked = new Unlocked(root, slot, key.derivation(), all);
        if (isForeign(unlocked)) {
          problems.add(name + " is not derived as this repository says");
          root.close();
          continue;
        }
        Optional<String> refusal = refusal(unlocked);
        if (refusal.isEmpty()) {
          return Optional.of(unlocked);
        }
        problems.add(name + ", which it opens, " + refusal.get());
        root.close();
      } catch (WrongPassphraseException e) {
        continue;
      } catch (DamagedSlotException e) {
        problems.add(name + DAMAGED + e.getMessage());
      } catch (UnsupportedSlotException e) {
        problems.add(name + " is not supported: " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** A few problems, each once: somebody may have made thousands. */
  private static String listed(List<String> problems) {
    List<String> distinct = problems.stream().distinct().toList();
    String some = String.join("; ", distinct.subList(0, Math.min(LISTED, distinct.size())));
    return distinct.size() <= LISTED
        ? some
        : some + "; and " + (distinct.size() - LISTED) + " more";
  }

  /** Whether what opened it is not what the repository, now known to be the right one, asks for. */
  private boolean isForeign(Unlocked unlocked) throws IOException {
    Opened opened = authenticate(unlocked.root(), unlocked.formats());
    opened.keys().close();
    if (unlocked.slot().derivation().isEmpty()) {
      return !opened.format().derivation().equals(unlocked.derivation());
    }
    KdfParameters cost = unlocked.derivation().cost();
    return cost.memoryKiB() < opened.format().kdfMemoryKiB()
        || cost.iterations() < opened.format().kdfIterations()
        || cost.parallelism() < opened.format().kdfParallelism();
  }

  /** Why a slot that opens the repository is not used; empty if it is. */
  private Optional<String> refusal(Unlocked unlocked) throws IOException {
    try (RepositoryKeys keys = authenticate(unlocked.root(), unlocked.formats()).keys()) {
      Bytes16 id = Bytes16.of(unlocked.slot().slotId());
      Seals seals = new Seals(Bytes16.of(unlocked.slot().repositoryId()), keys, random);
      History history = new Catalog(storage, seals, id).read();
      if (history.mayBeLive(id)) {
        return Optional.empty();
      }
      return Optional.of(
          history.wasListed(id)
              ? "was removed"
              : "is not listed by the history: it was removed, its change was interrupted, or the"
                  + " entry that lists it is lost");
    }
  }

  /** A slot that was written and read back but is not live yet, and the one that opened the way. */
  public record SlotWritten(Bytes16 added, Bytes16 opened) {}

  /**
   * Writes a slot for another passphrase; it is durable and was opened again.
   *
   * @param own its own cost, if it is to have one; it is then opened only when it is named
   */
  public SlotWritten writeSlot(Secret current, Secret next, Optional<KdfParameters> own)
      throws IOException {
    try (Unlocked unlocked = unlock(current)) {
      Bytes16 id = newBytes16();
      Opened opened = authenticate(unlocked.root(), unlocked.formats());
      RepositoryFormat format = opened.format();
      opened.keys().close();
      Derivation derivation =
          own.map(cost -> Derivation.fresh(cost, random)).orElse(format.derivation());
      KeySlot.Label label = label(format, id, formatFile(format, unlocked.root()));
      try (PassphraseKey key = derivation.derive(next)) {
        KeySlot slot = own.isPresent()
            ? KeySlot.createWithOwnCost(unlocked.root(), key, label)
            : KeySlot.create(unlocked.root(), key, label, random);
        writeBoth(slot);
        requireOpens(SlotFiles.names(id).get(0), key);
      } catch (TooLittleMemoryException e) {
        throw tooLittleMemory(e);
      }
      return new SlotWritten(id, Bytes16.of(unlocked.slot().slotId()));
    }
  }

  private void requireOpens(String name, PassphraseKey key) throws IOException {
    try {
      KeySlot.parse(read(storage, name, KeySlot.MAX_BYTES + 1)).unwrap(key).close();
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

  /** What is in FORMAT and its copy, as far as they are there. */
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
      requireNoRemains();
      throw new RepositoryNotFoundException(
          storage.location(),
          "there is no repository",
          "check the path; a new repository is made by dr init");
    }
    return formats;
  }

  /**
   * Refuses a place of a repository that lost FORMAT and its copy: nobody may take it for empty. A
   * copy that is not finished has none yet, and says that it is one.
   */
  private void requireNoRemains() throws IOException {
    boolean isUsed = false;
    for (StoredFile file : isBelowFile() ? List.<StoredFile>of() : listIfThere("")) {
      if (file.name().equals(CopiedStorage.MARK)) {
        throw new RepositoryNotFoundException(
            storage.location(),
            "there is no repository yet: this is a copy that was not finished, or lost FORMAT",
            "finish it from the original: dr copy DIR");
      }
      isUsed |= file.name().startsWith(IndexedPack.DIRECTORY + "/")
          || EntryFile.positionOf(file.name()) > 0;
    }
    if (isUsed) {
      throw new CorruptRepositoryException(
          storage.location(),
          "FORMAT and FORMAT.copy are missing, but " + IndexedPack.DIRECTORY + "/ and "
              + EntryFile.DIRECTORY + "/ are there: this is a repository, and its snapshots are"
              + " most likely whole",
          "delete nothing. Put the two files back from a copy of the repository: dr heal COPY");
    }
  }

  /** Whether no directory can be there, because a file is in its place or above it. */
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
          "check the path; a new repository is made by dr init");
    }
    return named;
  }

  private UnsupportedFormatException unsupported(String object, Exception cause) {
    return new UnsupportedFormatException(
        object, cause.getMessage(), "use a newer version of this library", cause);
  }

  private Opened authenticate(RootKey root, List<byte[]> formats) throws IOException {
    for (byte[] file : formats) {
      if (isOf(root, file)) {
        try {
          RepositoryFormat format = RepositoryFormat.parse(file);
          return new Opened(format, keys(root, format));
        } catch (MalformedException | UnknownVersionException e) {
          throw unsupported(FORMAT_FILES.get(0), e);
        }
      }
    }
    throw new WrongKeyException(
        FORMAT_FILES.get(0),
        "it was not written with this key",
        "check the key; if it is right, heal the repository from a copy: dr heal COPY");
  }

  /** Whether the MAC of a file that may be FORMAT verifies under a root key. */
  private static boolean isOf(RootKey root, byte[] file) {
    try (RepositoryKeys keys = keys(root, RepositoryFormat.parse(file))) {
      return MessageDigest.isEqual(
          keys.formatMac(file, 0, RepositoryFormat.lengthUnderMac(file)),
          RepositoryFormat.macOf(file));
    } catch (MalformedException | UnknownVersionException e) {
      return false;
    }
  }

  /** The bytes of a small file; one that is longer than {@code most} is cut there. */
  public static byte[] read(Storage storage, String name, int most) throws IOException {
    byte[] bytes = new byte[(int) Math.min(most, storage.length(name))];
    int count = storage.read(name, 0, bytes, 0, bytes.length);
    return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
  }
}
