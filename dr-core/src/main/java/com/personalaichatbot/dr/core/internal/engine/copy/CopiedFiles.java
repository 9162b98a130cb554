package com.personalaichatbot.dr.core.internal.engine.copy;

import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.catalog.WrittenEntry;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.index.BlobDamage;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.opening.RepositoryOpener;
import com.personalaichatbot.dr.core.internal.opening.SlotFiles;
import com.personalaichatbot.dr.core.internal.session.ProgressMeter;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Workers;
import com.personalaichatbot.dr.core.operation.CopyReport;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.Progress;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.crypto.DamagedSlotException;
import com.personalaichatbot.dr.crypto.KeySlot;
import com.personalaichatbot.dr.crypto.UnsupportedSlotException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Predicate;

/**
 * Writes files of a repository to another storage of the same repository, and counts them. Only
 * what is whole is written, and each file is read back once it has its name. What is there is
 * deleted only when it is wrong and the bytes that replace it have been read and found right.
 * Thread-safe.
 */
final class CopiedFiles {
  private final Session session;
  private final Storage target;
  private final VerifyOptions present;
  private final ConcurrentLinkedDeque<byte[]> buffers = new ConcurrentLinkedDeque<>();
  private final TreeMap<String, Damage> damages = new TreeMap<>();
  private Optional<WrittenEntry> newest = Optional.empty();
  private Optional<WrittenEntry> unforced = Optional.empty();
  private int copied;
  private int mended;
  private long bytes;

  /**
   * Writes from this session's repository.
   *
   * @param present how much of what the target has already is read back
   */
  CopiedFiles(Session session, Storage target, VerifyOptions present) {
    this.session = session;
    this.target = target;
    this.present = present;
  }

  CopyReport report(String head, CopyReport.Lag lag, Duration duration) {
    return new CopyReport(
        copied, mended, bytes, List.copyOf(damages.values()), head, lag, duration);
  }

  synchronized void damaged(String name, Damage.Kind kind, String detail) {
    damages.put(name, new Damage(name, kind, detail, List.of(), List.of()));
  }

  /** Names what is wrong with a history. */
  void damaged(History history) {
    history
        .problems()
        .forEach((position, problem) -> damaged(
            EntryFile.name(position),
            problem.kind() == History.Problem.Kind.MISSING
                ? Damage.Kind.MISSING
                : Damage.Kind.CORRUPT,
            problem.detail()));
  }

  /** Counts a file that was written. */
  synchronized void count(boolean mending, long length) {
    copied += mending ? 0 : 1;
    mended += mending ? 1 : 0;
    bytes += length;
  }

  /** The length of a file of the target, -1 if none exists. */
  long lengthAt(String name) throws IOException {
    try {
      return target.length(name);
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  /** Whether a small file of the target has these bytes. */
  private boolean holds(String name, byte[] expected) throws IOException {
    if (lengthAt(name) != expected.length) {
      return false;
    }
    try {
      return Arrays.equals(RepositoryOpener.read(target, name, expected.length), expected);
    } catch (IOException e) {
      BlobDamage.unreadable(target, name, e);
      return false;
    }
  }

  /** Puts a small file where none exists. */
  void put(String name, byte[] content) throws IOException {
    write(name, content, content.length, new byte[content.length]);
    count(false, content.length);
  }

  /** Puts a small file, in the place of one that is not what it should be. */
  void replace(String name, byte[] content) throws IOException {
    boolean mending = lengthAt(name) >= 0;
    if (mending) {
      target.delete(name);
    }
    write(name, content, content.length, new byte[content.length]);
    count(mending, content.length);
  }

  /**
   * Writes both files of each live slot.
   *
   * @param live empty if that is not known: then of all
   * @param readable the slots that are to be had
   */
  void copySlots(Set<Bytes16> live, List<KeySlot> readable, Predicate<Bytes16> mayBeLive)
      throws IOException {
    Map<String, KeySlot> wanted = new TreeMap<>();
    for (KeySlot slot : readable) {
      Bytes16 id = Bytes16.of(slot.slotId());
      if (live.isEmpty() ? mayBeLive.test(id) : live.contains(id)) {
        SlotFiles.names(id).forEach(name -> wanted.put(name, slot));
      }
    }
    for (Bytes16 id : live) {
      if (!wanted.containsKey(SlotFiles.names(id).get(0))) {
        damaged(
            SlotFiles.names(id).get(0), Damage.Kind.CORRUPT, "no copy of the key slot can be read");
      }
    }
    for (Map.Entry<String, KeySlot> slot : wanted.entrySet()) {
      if (!isSlot(slot.getKey())) {
        replace(slot.getKey(), slot.getValue().bytes());
      }
    }
    target.sync(SlotFiles.DIRECTORY);
  }

  /** Whether the target has this slot, whole. Slots of one id are the same. */
  private boolean isSlot(String name) throws IOException {
    try {
      KeySlot slot = KeySlot.parse(RepositoryOpener.read(target, name, KeySlot.MAX_BYTES + 1));
      return Bytes16.of(slot.slotId()).toString().equals(SlotFiles.id(name));
    } catch (NoSuchFileException | DamagedSlotException | UnsupportedSlotException e) {
      return false;
    } catch (IOException e) {
      BlobDamage.unreadable(target, name, e);
      return false;
    }
  }

  /**
   * Copies an entry of the history.
   *
   * @param isDurable whether the entry is to be durable before the next one is copied; else
   *     {@link #forceEntries} comes after all of them
   */
  void copyEntry(CatalogEntry entry, boolean isDurable) throws IOException {
    String name = EntryFile.name(entry.position());
    byte[] bytes = afterEntries(() -> readEntry(name));
    if (!isEntry(entry, bytes)) {
      damaged(name, Damage.Kind.CORRUPT, "it does not read twice alike");
      return;
    }
    WrittenEntry copied = WrittenEntry.of(entry.position(), entry.kind(), entry.id());
    copied.whileCopied(target.location(), newest, () -> {
      replace(name, bytes);
      if (isDurable) {
        target.sync(EntryFile.DIRECTORY);
      }
    });
    unforced = isDurable ? Optional.empty() : Optional.of(copied);
    newest = isDurable ? Optional.of(copied) : newest;
  }

  /** Makes the entries durable that are not yet. */
  void forceEntries() throws IOException {
    if (unforced.isPresent()) {
      unforced.get().whileCopied(target.location(), newest, () -> target.sync(EntryFile.DIRECTORY));
      newest = unforced;
    } else {
      afterEntries(() -> {
        target.sync(EntryFile.DIRECTORY);
        return null;
      });
    }
  }

  private byte[] readEntry(String name) throws IOException {
    try {
      return RepositoryOpener.read(session.storage(), name, Limits.MAX_ENTRY);
    } catch (IOException e) {
      BlobDamage flaw = BlobDamage.unreadable(session.storage(), name, e);
      throw new CorruptRepositoryException(
          name, flaw.detail(), "look at the disk; the next run goes on where this one ended", e);
    }
  }

  private boolean isEntry(CatalogEntry entry, byte[] bytes) {
    try {
      return session.seals().parseEntry(bytes).hash().equals(entry.hash());
    } catch (MalformedException e) {
      return false; // It was whole a moment ago.
    }
  }

  /** Does what comes after the entries that were copied: a failure names the newest of them. */
  <T> T afterEntries(WrittenEntry.Step<T> step) throws IOException {
    return newest.isEmpty()
        ? step.run()
        : newest
            .get()
            .then(
                target.location() + " holds the history up to it, and the rest is not done",
                "look at the storage; the next run goes on where this one ended",
                step);
  }

  /** Writes FORMAT twice. */
  void copyFormat() throws IOException {
    byte[] text = session.format().unauthenticated();
    byte[] format = session.format().encode(session.keys().formatMac(text, 0, text.length));
    for (String name : RepositoryOpener.FORMAT_FILES) {
      if (!holds(name, format)) {
        replace(name, format);
      }
    }
    target.sync("");
  }

  /** The packs of the session's repository without some, by the names of their files. */
  Map<String, Long> packs(Set<String> condemned) throws IOException {
    Map<String, Long> packs = new TreeMap<>();
    IndexLoader.listPacks(session.storage()).forEach((name, length) -> {
      if (!condemned.contains(name)) {
        packs.put(IndexedPack.file(name), length);
      }
    });
    return packs;
  }

  /** Copies files that are named by the hash of their bytes, as far as they are not there. */
  void copyHashed(String directory, Map<String, Long> wanted) throws IOException {
    Map<String, Long> there = new LinkedHashMap<>();
    target.list(directory).forEach(file -> there.put(file.name(), file.length()));
    List<String> missing = new ArrayList<>();
    List<String> same = new ArrayList<>();
    wanted.forEach((name, length) -> (length.equals(there.get(name)) ? same : missing).add(name));
    List<String> looked = sample(same);
    long bytes = 0;
    for (String name : missing) {
      bytes += wanted.get(name);
    }
    for (String name : looked) {
      bytes += wanted.get(name);
    }
    ProgressMeter meter = new ProgressMeter(Progress.Phase.COPYING, bytes, session.progress());
    Workers.Batch batch = session.workers().newBatch(0);
    try {
      for (String name : missing) {
        batch.submit(() -> {
          copyHashed(name, wanted.get(name), there.containsKey(name));
          meter.add(1, wanted.get(name));
        });
      }
      for (String name : looked) {
        batch.submit(() -> {
          mendHashed(name, wanted.get(name));
          meter.add(1, wanted.get(name));
        });
      }
      batch.finish();
    } catch (IOException | RuntimeException | Error e) {
      batch.abandon();
      throw e;
    }
    target.sync(directory);
  }

  private List<String> sample(List<String> same) {
    return switch (present.depth()) {
      case STRUCTURE -> List.of();
      case READ_ALL -> same;
      case SAMPLE -> {
        List<String> shuffled = new ArrayList<>(same);
        Collections.shuffle(shuffled);
        yield shuffled.subList(
            0, (int) ((same.size() * (long) present.samplePercent() + 99) / 100));
      }
    };
  }

  /** Copies a file that is named by its hash, unless it is not whole. */
  private void copyHashed(String name, long length, boolean mending) throws IOException {
    if (length > Limits.MAX_PACK) {
      damaged(name, Damage.Kind.CORRUPT, "its length of " + length + " bytes cannot be");
      return;
    }
    byte[] content = buffer((int) length);
    byte[] back = buffer((int) length);
    try {
      int count;
      try {
        count = session.storage().read(name, 0, content, 0, (int) length);
      } catch (NoSuchFileException e) {
        damaged(name, Damage.Kind.MISSING, "it went away while it was copied");
        return;
      } catch (IOException e) {
        BlobDamage flaw = BlobDamage.unreadable(session.storage(), name, e);
        damaged(name, flaw.kind(), flaw.detail());
        return;
      }
      if (!isNamed(name, content, count)) {
        damaged(name, Damage.Kind.CORRUPT, "its bytes do not hash to its name");
        return;
      }
      if (mending) {
        target.delete(name);
      }
      write(name, content, count, back);
      count(mending, count);
    } finally {
      buffers.push(content);
      buffers.push(back);
    }
  }

  /** Reads a file that the target has, and replaces it if it is not what it should be. */
  private void mendHashed(String name, long length) throws IOException {
    if (length > Limits.MAX_PACK) {
      copyHashed(name, length, true);
      return;
    }
    if (!isWhole(name, length)) {
      copyHashed(name, length, true);
    }
  }

  private boolean isWhole(String name, long length) throws IOException {
    byte[] there = buffer((int) length);
    try {
      return isNamed(name, there, target.read(name, 0, there, 0, (int) length));
    } catch (IOException e) {
      BlobDamage.unreadable(target, name, e);
      return false;
    } finally {
      buffers.push(there);
    }
  }

  /** Takes back what was said of packs that the target has whole. */
  void forgiveWhole() throws IOException {
    for (Damage damage : List.copyOf(damages.values())) {
      long length = lengthAt(damage.object());
      if (length >= 0 && length <= Limits.MAX_PACK && isWhole(damage.object(), length)) {
        damages.remove(damage.object());
      }
    }
  }

  private static boolean isNamed(String name, byte[] content, int count) {
    String hash = HexFormat.of().formatHex(Sha256.of(content, 0, count));
    return name.endsWith("/" + hash);
  }

  private byte[] buffer(int length) {
    byte[] buffer = buffers.poll();
    return buffer == null || buffer.length < length ? new byte[Math.max(length, 1 << 16)] : buffer;
  }

  private void write(String name, byte[] content, int length, byte[] back) throws IOException {
    try (StorageWriter out = target.create()) {
      out.write(content, 0, length);
      out.commit(name);
    } catch (FileAlreadyExistsException e) {
      // Another run put it there meanwhile; it is read back as if it were ours.
    }
    int count = target.read(name, 0, back, 0, length);
    if (count != length
        || target.length(name) != length
        || !Arrays.equals(content, 0, length, back, 0, length)) {
      throw new CorruptRepositoryException(
          name,
          "it was written to " + target.location() + " and does not read back as it was written",
          "check that medium; what it was copied from is whole");
    }
  }
}
