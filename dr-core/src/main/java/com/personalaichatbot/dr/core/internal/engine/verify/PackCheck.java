package com.personalaichatbot.dr.core.internal.engine.verify;

import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.PackedBlob;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.index.BlobDamage;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.BlobLocation;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.index.Dictionaries;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.pack.PackReader;
import com.personalaichatbot.dr.core.internal.session.ProgressMeter;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Workers;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.Progress;
import com.personalaichatbot.dr.core.operation.VerifyDepth;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.LongAdder;

/**
 * Reads packs and remembers which places of blobs cannot be relied on. A pack whose bytes do not
 * hash to its name is damaged; those of its blobs that still open are right all the same.
 */
final class PackCheck {
  private final Session session;
  private final IndexLoader.Loaded loaded;
  private final Set<String> condemned;
  private final Dictionaries dictionaries;
  private final VerifyRun.Findings findings;
  private final Set<String> damaged = new HashSet<>();
  private final Set<String> unreadable = new HashSet<>();
  private final LongAdder blobs = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final ConcurrentLinkedDeque<byte[]> buffers = new ConcurrentLinkedDeque<>();

  PackCheck(
      Session session,
      IndexLoader.Loaded loaded,
      Set<String> condemned,
      Dictionaries dictionaries,
      VerifyRun.Findings findings) {
    this.dictionaries = dictionaries;
    this.condemned = condemned;
    this.session = session;
    this.loaded = loaded;
    this.findings = findings;
  }

  /** Looks at all packs, and reads those that the depth asks for. */
  void check(VerifyOptions options) throws IOException {
    Map<String, Long> listed = new TreeMap<>(IndexLoader.listPacks(session.storage()));
    for (String pack : condemned) {
      if (listed.remove(pack) != null) {
        findings.note(IndexedPack.file(pack) + " is condemned; the next prune deletes it");
      }
    }
    for (IndexedPack pack : loaded.missing()) {
      damaged.add(pack.name());
      Long length = listed.get(pack.name());
      if (length == null) {
        findings.missing(pack.file(), "the pack is not there");
      } else {
        findings.corrupt(
            pack.file(), "it is " + length + " bytes long instead of " + pack.length());
      }
    }
    loaded.unreadable().forEach(this::flawed);
    for (IndexedPack pack : loaded.adopted()) {
      findings.note(pack.file() + " is in no index; the next backup lists it");
    }
    List<String> chosen = chosen(listed, options);
    long total = chosen.stream().mapToLong(listed::get).sum();
    ProgressMeter meter = new ProgressMeter(Progress.Phase.VERIFYING, total, session.progress());
    Workers.Batch batch = session.workers().newBatch(0);
    try {
      for (String name : chosen) {
        batch.submit(() -> read(name, listed.get(name), meter, batch));
      }
      batch.finish();
    } catch (IOException | RuntimeException | Error e) {
      batch.abandon();
      throw e;
    }
    if (options.depth() == VerifyDepth.STRUCTURE) {
      blobs.add(loaded.index().size());
    }
  }

  private void damaged(String name, String why) {
    flawed(name, new BlobDamage(Damage.Kind.CORRUPT, why));
  }

  private synchronized void flawed(String name, BlobDamage flaw) {
    (flaw.kind() == Damage.Kind.UNREADABLE ? unreadable : damaged).add(name);
    findings.flaw(IndexedPack.file(name), flaw);
  }

  private static List<String> chosen(Map<String, Long> listed, VerifyOptions options) {
    List<String> names = new ArrayList<>(listed.keySet());
    switch (options.depth()) {
      case STRUCTURE:
        return List.of();
      case SAMPLE:
        Collections.shuffle(names);
        int count = (int) ((names.size() * (long) options.samplePercent() + 99) / 100);
        return names.subList(0, count);
      default:
        return names;
    }
  }

  private void read(String name, long length, ProgressMeter meter, Workers.Batch batch)
      throws IOException {
    String file = IndexedPack.file(name);
    if (length > Limits.MAX_PACK) {
      damaged(name, "its length of " + length + " bytes cannot be");
      return;
    }
    byte[] pack = buffers.poll();
    if (pack == null || pack.length < length) {
      pack = new byte[(int) Math.max(length, session.format().packTarget() + (2 << 20))];
    }
    try {
      int count = session.storage().read(file, 0, pack, 0, (int) length);
      bytes.add(count);
      String hash = HexFormat.of().formatHex(Sha256.of(pack, 0, count));
      if (!hash.equals(name)) {
        damaged(name, "its bytes do not hash to its name");
      }
      checkBlobs(name, length, file, pack, count, batch);
    } catch (NoSuchFileException e) {
      flawed(name, new BlobDamage(Damage.Kind.UNREADABLE, "it went away while it was read"));
    } catch (IOException e) {
      flawed(name, BlobDamage.unreadable(session.storage(), file, e));
    } finally {
      buffers.push(pack);
    }
    meter.add(1, length);
  }

  private void checkBlobs(
      String name, long length, String file, byte[] pack, int count, Workers.Batch batch)
      throws IOException {
    IndexedPack contents;
    try {
      contents = PackReader.readContents(session.storage(), session.seals(), name, length);
    } catch (MalformedException e) {
      damaged(name, e.getMessage());
      return;
    }
    Set<KeyedId> known = loadDictionaries(contents);
    BlobIndex own = new BlobIndex();
    own.add(contents);
    try (BlobReader reader =
        new BlobReader(session.storage(), session.seals(), own, dictionaries)) {
      reader.preload(file, pack, count);
      int number = 0;
      for (PackedBlob blob : contents.contents().blobs()) {
        batch.check();
        BlobLocation place = own.places(blob.id()).get(0);
        // A blob whose dictionary is lost is lost, but this pack is what was written.
        if (place.dictionary() == null || known.contains(place.dictionary())) {
          reader.problem(place).ifPresent(flaw -> flawed(name, flaw));
        }
        number++;
      }
      blobs.add(number);
    }
  }

  /**
   * Loads the dictionaries that a pack uses, as far as that can be done: they lie in packs of their
   * own, where the reader of one pack would not find them.
   */
  private Set<KeyedId> loadDictionaries(IndexedPack contents) throws IOException {
    Set<KeyedId> known = new HashSet<>();
    try (BlobReader all =
        new BlobReader(session.storage(), session.seals(), loaded.index(), dictionaries)) {
      for (KeyedId dictionary : contents.contents().dictionaries()) {
        if (dictionaries.find(dictionary, all) != null) {
          known.add(dictionary);
        }
      }
    }
    return known;
  }

  /** Whether a pack is missing, unreadable or not what was written, as far as was looked at. */
  synchronized boolean isDoubtful(String pack) {
    return damaged.contains(pack) || unreadable.contains(pack);
  }

  /** Names of packs that are missing or not what was written. */
  synchronized Set<String> damaged() {
    return Set.copyOf(damaged);
  }

  long blobs() {
    return blobs.sum();
  }

  long bytes() {
    return bytes.sum();
  }
}
