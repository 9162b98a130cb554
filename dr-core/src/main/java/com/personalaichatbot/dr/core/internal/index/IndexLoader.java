package com.personalaichatbot.dr.core.internal.index;

import com.personalaichatbot.dr.core.internal.format.IndexFile;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.pack.PackReader;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the table of blobs from the storage. An index file is a cache: one that is missing or
 * damaged costs a reading of the contents tables of the packs that it listed, and nothing else.
 */
public final class IndexLoader {
  /** The directory of index files. */
  public static final String DIRECTORY = "index";

  private static final Logger log = LoggerFactory.getLogger(IndexLoader.class);

  private final Storage storage;
  private final Seals seals;

  /** Reads from this storage. */
  public IndexLoader(Storage storage, Seals seals) {
    this.storage = storage;
    this.seals = seals;
  }

  /**
   * The result of loading.
   *
   * @param adopted packs that no readable index lists, and whose contents tables are whole
   * @param missing packs that an index lists and that are not there, or not of the recorded length
   * @param unreadable packs that no readable index lists, and whose contents cannot be read, with
   *     why
   * @param damagedIndexes index files that are not what they were written as, with why
   */
  public record Loaded(
      BlobIndex index,
      List<IndexedPack> adopted,
      List<IndexedPack> missing,
      Map<String, BlobDamage> unreadable,
      Map<String, BlobDamage> damagedIndexes) {}

  /** The names and lengths of all packs in the storage that are where packs are. */
  public static Map<String, Long> listPacks(Storage storage) throws IOException {
    Map<String, Long> packs = new HashMap<>();
    for (StoredFile file : storage.list(IndexedPack.DIRECTORY)) {
      String name = file.name().substring(file.name().lastIndexOf('/') + 1);
      if (isHash(name) && file.name().equals(IndexedPack.file(name))) {
        packs.put(name, file.length());
      }
    }
    return packs;
  }

  /** Whether this is 64 lower-case hexadecimal digits. */
  public static boolean isHash(String name) {
    return name.length() == 2 * Sha256.BYTES
        && name.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /**
   * Loads the blobs of every pack that is there with its recorded length and is not excluded.
   *
   * @param excluded names of packs that are condemned or known to be damaged
   */
  public Loaded load(Set<String> excluded) throws IOException {
    return load(excluded, false);
  }

  /**
   * Loads the blobs of every pack that is there at all and is not excluded: what is whole in a pack
   * that was cut or lengthened can be read, though nothing may rely on it. Packs that the storage
   * fails to read are among the unreadable ones; {@link #load} fails with them.
   */
  public Loaded loadReadable(Set<String> excluded) throws IOException {
    return load(excluded, true);
  }

  private Loaded load(Set<String> excluded, boolean anyLength) throws IOException {
    Map<String, Long> listed = listPacks(storage);
    BlobIndex index = new BlobIndex();
    List<IndexedPack> missing = new ArrayList<>();
    Map<String, BlobDamage> damagedIndexes = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (StoredFile file : files()) {
      try {
        IndexFile.Packs packs = read(file);
        for (IndexedPack pack = packs.next(); pack != null; pack = packs.next()) {
          if (!seen.add(pack.name()) || excluded.contains(pack.name())) {
            continue;
          }
          long length = length(pack, listed);
          if (length != pack.length()) {
            missing.add(pack);
          }
          if (length == pack.length() || anyLength && length >= 0) {
            index.add(pack);
          }
        }
      } catch (MalformedException e) {
        log.warn(
            "Index {} is damaged ({}); its packs are read instead", file.name(), e.getMessage());
        damagedIndexes.put(file.name(), BlobDamage.corrupt(e));
      } catch (NoSuchFileException e) {
        log.debug("Index {} went away while it was read", file.name());
      } catch (IOException e) {
        damagedIndexes.put(file.name(), BlobDamage.unreadable(storage, file.name(), e));
        log.warn(
            "Index {} cannot be read ({}); its packs are read instead",
            file.name(),
            e.getMessage());
      }
    }
    List<IndexedPack> adopted = new ArrayList<>();
    Map<String, BlobDamage> unreadable = new HashMap<>();
    for (Map.Entry<String, Long> pack : listed.entrySet()) {
      if (seen.contains(pack.getKey()) || excluded.contains(pack.getKey())) {
        continue;
      }
      try {
        IndexedPack found = PackReader.readContents(storage, seals, pack.getKey(), pack.getValue());
        adopted.add(found);
        index.add(found);
      } catch (MalformedException e) {
        unreadable.put(pack.getKey(), BlobDamage.corrupt(e));
      } catch (NoSuchFileException e) {
        log.debug("Pack {} went away while it was read", pack.getKey());
      } catch (IOException e) {
        if (!anyLength) {
          throw e;
        }
        String file = IndexedPack.file(pack.getKey());
        unreadable.put(pack.getKey(), BlobDamage.unreadable(storage, file, e));
      }
    }
    return new Loaded(index, adopted, missing, unreadable, damagedIndexes);
  }

  /** How long a pack is now, -1 if it is not there. It may be younger than the listing. */
  private long length(IndexedPack pack, Map<String, Long> listed) throws IOException {
    Long length = listed.get(pack.name());
    if (length != null) {
      return length;
    }
    try {
      return storage.length(pack.file());
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  /** Takes one pack. */
  @FunctionalInterface
  public interface PackVisitor {
    /** Takes it. */
    void visit(IndexedPack pack) throws IOException;
  }

  /**
   * Visits each pack with a wanted name that an index lists once.
   *
   * @return the index files that could not be read, with why: the caller must not take a pack that
   *     only they list for one that is not there
   */
  public Map<String, BlobDamage> forEach(Predicate<String> names, PackVisitor visitor)
      throws IOException {
    Map<String, BlobDamage> unread = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (StoredFile file : files()) {
      List<IndexedPack> wanted = new ArrayList<>();
      try {
        IndexFile.Packs packs = read(file);
        for (IndexedPack pack = packs.next(); pack != null; pack = packs.next()) {
          if (names.test(pack.name()) && seen.add(pack.name())) {
            wanted.add(pack);
          }
        }
      } catch (MalformedException e) {
        unread.put(file.name(), BlobDamage.corrupt(e));
      } catch (NoSuchFileException e) {
        unread.put(
            file.name(), new BlobDamage(Damage.Kind.MISSING, "it went away while it was read"));
      } catch (IOException e) {
        unread.put(file.name(), BlobDamage.unreadable(storage, file.name(), e));
      }
      for (IndexedPack pack : wanted) {
        visitor.visit(pack);
      }
    }
    return unread;
  }

  /**
   * Visits each of these packs once. What no readable index lists is read from the contents table
   * of the pack.
   *
   * @return the packs that are not what they were written as and that no readable index lists:
   *     nobody can know what they held
   * @throws IOException if the storage does not give one of them just now
   */
  public Map<String, BlobDamage> forEachOf(Set<String> names, PackVisitor visitor)
      throws IOException {
    Set<String> rest = new HashSet<>(names);
    forEach(names::contains, pack -> {
      rest.remove(pack.name());
      visitor.visit(pack);
    });
    Map<String, BlobDamage> unknown = new HashMap<>();
    for (String name : rest) {
      try {
        visitor.visit(contents(name));
      } catch (MalformedException e) {
        unknown.put(name, BlobDamage.corrupt(e));
      }
    }
    return unknown;
  }

  private IndexedPack contents(String name) throws IOException, MalformedException {
    String file = IndexedPack.file(name);
    try {
      return PackReader.readContents(storage, seals, name, storage.length(file));
    } catch (IOException e) {
      throw new CorruptRepositoryException(
          file,
          "its contents cannot be read: " + e.getMessage(),
          "check the disk that it lies on, and run the operation again",
          e);
    }
  }

  /**
   * Adds packs of these names that are there, whatever their length: what is whole in a pack that
   * was cut can be read. A pack that the storage does not give just now is neither added nor among
   * those that cannot be.
   *
   * @return those that are there and whose contents nobody can know any more, with their lengths
   */
  public Map<String, Long> add(BlobIndex index, Set<String> names) throws IOException {
    if (names.isEmpty()) {
      return Map.of();
    }
    Map<String, Long> rest = listPacks(storage);
    rest.keySet().retainAll(names);
    Map<String, BlobDamage> unread = forEach(rest::containsKey, pack -> {
      rest.remove(pack.name());
      index.add(pack);
    });
    Map<String, Long> unknown = new HashMap<>();
    for (Map.Entry<String, Long> pack : rest.entrySet()) {
      try {
        index.add(PackReader.readContents(storage, seals, pack.getKey(), pack.getValue()));
      } catch (MalformedException e) {
        if (unread.isEmpty()) {
          unknown.put(pack.getKey(), pack.getValue());
        }
      } catch (NoSuchFileException e) {
        log.debug("Pack {} is gone", pack.getKey());
      } catch (IOException e) {
        BlobDamage flaw = BlobDamage.unreadable(storage, IndexedPack.file(pack.getKey()), e);
        log.warn("Pack {} is not used: {}", pack.getKey(), flaw.detail());
      }
    }
    return unknown;
  }

  /**
   * Replaces all index files by fewer that list the same packs, without those of some names. An
   * interruption leaves old and new ones side by side, which does no harm. An index that cannot be
   * read is replaced only if every pack that it may list could be listed again.
   */
  public void rewrite(Set<String> without) throws IOException {
    List<StoredFile> old = files();
    Set<String> unlisted = listPacks(storage).keySet();
    unlisted.removeAll(without);
    Rewriter rewriter = new Rewriter();
    Map<String, BlobDamage> unread = forEach(name -> !without.contains(name), pack -> {
      unlisted.remove(pack.name());
      rewriter.visit(pack);
    });
    boolean all = true;
    for (String name : unread.isEmpty() ? Set.<String>of() : unlisted) {
      try {
        rewriter.visit(contents(name));
      } catch (CorruptRepositoryException | MalformedException e) {
        all = false;
        log.warn(
            "Damaged indexes are kept, because one of them may list a pack: {}", e.getMessage());
      }
    }
    rewriter.finish();
    storage.sync(DIRECTORY);
    for (StoredFile file : old) {
      if (!all && unread.containsKey(file.name())) {
        continue;
      }
      try {
        storage.delete(file.name());
      } catch (NoSuchFileException e) {
        log.debug("Index {} was gone already", file.name());
      }
    }
    storage.sync(DIRECTORY);
  }

  /** Writes new index files as they fill. */
  private final class Rewriter implements PackVisitor {
    private final List<IndexedPack> part = new ArrayList<>();
    private int blobs;

    @Override
    public void visit(IndexedPack pack) throws IOException {
      part.add(pack);
      blobs += pack.contents().blobs().size();
      if (blobs >= Limits.INDEX_BLOBS) {
        finish();
      }
    }

    void finish() throws IOException {
      write(part);
      part.clear();
      blobs = 0;
    }
  }

  private List<StoredFile> files() throws IOException {
    List<StoredFile> files = new ArrayList<>();
    for (StoredFile file : storage.list(DIRECTORY)) {
      if (isHash(file.name().substring(DIRECTORY.length() + 1))) {
        files.add(file);
      }
    }
    return files;
  }

  /** The packs that one index file lists. */
  private IndexFile.Packs read(StoredFile file) throws IOException, MalformedException {
    if (file.length() > Limits.MAX_INDEX) {
      throw new MalformedException("its length of " + file.length() + " bytes cannot be");
    }
    byte[] bytes = new byte[(int) file.length()];
    int count = storage.read(file.name(), 0, bytes, 0, bytes.length);
    String name = file.name().substring(file.name().lastIndexOf('/') + 1);
    if (count != bytes.length || !HexFormat.of().formatHex(Sha256.of(bytes)).equals(name)) {
      throw new MalformedException("its bytes do not hash to its name");
    }
    return new IndexFile.Packs(seals.openIndex(bytes), seals.repositoryId());
  }

  /**
   * Writes index files that list these packs. Their names are durable once the storage was synced.
   *
   * @return how many bytes were written
   */
  public long write(List<IndexedPack> packs) throws IOException {
    long written = 0;
    List<IndexedPack> part = new ArrayList<>();
    int blobs = 0;
    for (IndexedPack pack : packs) {
      int count = pack.contents().blobs().size();
      if (blobs > 0 && blobs + count > Limits.INDEX_BLOBS) {
        written += writeOne(part);
        part.clear();
        blobs = 0;
      }
      part.add(pack);
      blobs += count;
    }
    return part.isEmpty() ? written : written + writeOne(part);
  }

  private long writeOne(List<IndexedPack> packs) throws IOException {
    byte[] file = seals.sealIndex(IndexFile.encode(packs));
    try (StorageWriter out = storage.create()) {
      out.write(file, 0, file.length);
      out.commit(DIRECTORY + "/" + HexFormat.of().formatHex(Sha256.of(file)));
    }
    return file.length;
  }
}
