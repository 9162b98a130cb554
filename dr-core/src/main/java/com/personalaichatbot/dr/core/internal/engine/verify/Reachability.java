package com.personalaichatbot.dr.core.internal.engine.verify;

import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.format.TreeNode;
import com.personalaichatbot.dr.core.internal.format.UnknownVersionException;
import com.personalaichatbot.dr.core.internal.index.BlobDamage;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.BlobLocation;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.index.Dictionaries;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.crypto.IdHasher;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Walks the tree of every snapshot and asks of every blob that it names whether some place holds
 * it. A node below which nothing is wrong is walked once, however many snapshots share it. Not
 * thread-safe.
 */
final class Reachability implements AutoCloseable {
  private static final byte[] TOP = new byte[0];

  private final IndexLoader.Loaded loaded;
  private final PackCheck packs;
  private final VerifyRun.Findings findings;
  private final BlobIndex missing = new BlobIndex();
  private final BlobReader reader;
  private final IdHasher ids;
  private final TreeReader trees;
  private final Set<KeyedId> wholeNodes = new HashSet<>();
  private final Map<KeyedId, Optional<Lost>> doubtful = new HashMap<>();
  private CatalogEntry snapshot;

  Reachability(
      Session session,
      IndexLoader.Loaded loaded,
      PackCheck packs,
      Dictionaries dictionaries,
      VerifyRun.Findings findings) {
    this.loaded = loaded;
    this.packs = packs;
    this.findings = findings;
    loaded.missing().forEach(missing::add);
    this.reader = new BlobReader(session.storage(), session.seals(), loaded.index(), dictionaries);
    this.ids = session.seals().newIdHasher();
    this.trees = new TreeReader(reader);
  }

  /** The reason why a blob cannot be had, and the object to blame. */
  private record Lost(String object, Damage.Kind kind, String detail) {}

  /** Says of each snapshot whether all of it can be had. */
  Map<Bytes16, Boolean> check(List<CatalogEntry> snapshots) throws IOException {
    Map<Bytes16, Boolean> whole = new HashMap<>();
    for (CatalogEntry entry : snapshots) {
      snapshot = entry;
      KeyedId root = entry.snapshot().root();
      whole.put(entry.id(), root == null || node(root, TOP));
      if (entry.snapshot().recordBlob() != null) {
        record(entry);
      }
    }
    return whole;
  }

  /**
   * Looks for a record beside the trees, and whether it is that of its entry. Without it the
   * snapshot is as whole as with it, as long as its entry is there; the next backup stores it
   * again.
   */
  private void record(CatalogEntry entry) throws IOException {
    KeyedId id = entry.snapshot().recordBlob();
    List<BlobLocation> places = loaded.index().places(id);
    if (places.stream().allMatch(place -> packs.isDoubtful(place.pack()))) {
      Optional<Lost> lost = look(id, places);
      if (lost.isPresent()) {
        findings.flaw(lost.get().object, new BlobDamage(lost.get().kind, lost.get().detail));
        return;
      }
    }
    byte[] expected = entry.snapshot().encodeBlob(entry.id());
    // An id is a function of what it names, so nothing is read where they agree.
    if (!ids.id(BlobType.RECORD.code(), expected).equals(id) && !isSame(id, expected)) {
      findings.corrupt(
          EntryFile.name(entry.position()),
          "the record beside the trees, blob " + id + ", is not that of this snapshot");
    }
  }

  /** Whether a record says the same to this version, which may not know all parts of it. */
  private boolean isSame(KeyedId id, byte[] expected) throws IOException {
    try {
      SnapshotRecord.Recorded record = SnapshotRecord.decodeBlob(reader.read(id, BlobType.RECORD));
      return Arrays.equals(record.snapshot().encodeBlob(record.id()), expected);
    } catch (MalformedException | UnknownVersionException | CorruptRepositoryException e) {
      return false;
    }
  }

  private boolean node(KeyedId id, byte[] path) throws IOException {
    if (wholeNodes.contains(id)) {
      return true;
    }
    if (!blob(id, path)) {
      return false;
    }
    TreeNode node;
    try {
      node = trees.node(id);
    } catch (CorruptRepositoryException e) {
      hit(new Lost(e.object(), kind(e), e.getMessage()), id, path);
      return false;
    }
    boolean whole = true;
    for (TreeNode.Child child : node.children()) {
      whole &= node(child.node(), path);
    }
    for (TreeEntry entry : node.entries()) {
      whole &= entry(entry, path);
    }
    if (whole) {
      wholeNodes.add(id);
    }
    return whole;
  }

  private boolean entry(TreeEntry entry, byte[] parent) throws IOException {
    byte[] path = join(parent, entry.name());
    if (entry.type() == EntryType.DIRECTORY) {
      return entry.directory() == null || node(entry.directory(), path);
    }
    if (entry.type() != EntryType.FILE) {
      return true;
    }
    boolean whole = true;
    for (KeyedId map : entry.content().maps()) {
      whole &= blob(map, path);
    }
    if (!whole) {
      return false;
    }
    try {
      for (Extent extent : trees.extents(entry)) {
        whole &= extent.isHole() || blob(extent.blob(), path);
      }
    } catch (CorruptRepositoryException e) {
      findings.hit(e.object(), kind(e), e.getMessage(), snapshot, display(path));
      return false;
    }
    return whole;
  }

  /** Whether a blob can be had; if not, the path is said to be damaged. */
  private boolean blob(KeyedId id, byte[] path) throws IOException {
    List<BlobLocation> places = loaded.index().places(id);
    for (BlobLocation place : places) {
      if (!packs.isDoubtful(place.pack())
          && (place.dictionary() == null || lost(place.dictionary()).isEmpty())) {
        return true;
      }
    }
    Optional<Lost> lost = doubtful.get(id);
    if (lost == null) {
      lost = look(id, places);
      doubtful.put(id, lost);
    }
    lost.ifPresent(why -> hit(why, id, path));
    return lost.isEmpty();
  }

  /** Why a dictionary cannot be had, empty if it can; without it what needs it cannot either. */
  private Optional<Lost> lost(KeyedId dictionary) throws IOException {
    Optional<Lost> lost = doubtful.get(dictionary);
    if (lost == null) {
      lost = look(dictionary, loaded.index().places(dictionary));
      doubtful.put(dictionary, lost);
    }
    return lost;
  }

  private Optional<Lost> look(KeyedId id, List<BlobLocation> places) throws IOException {
    Lost lost = null;
    for (BlobLocation place : places) {
      Optional<Lost> dictionary =
          place.dictionary() == null ? Optional.empty() : lost(place.dictionary());
      if (dictionary.isPresent()) {
        lost = dictionary.get();
        continue;
      }
      Optional<BlobDamage> flaw = reader.problem(place);
      if (flaw.isEmpty()) {
        return Optional.empty();
      }
      if (lost == null || flaw.get().kind() == Damage.Kind.UNREADABLE) {
        lost = new Lost(place.file(), flaw.get().kind(), flaw.get().detail());
      }
    }
    if (lost == null) {
      List<BlobLocation> gone = missing.places(id);
      lost = gone.isEmpty()
          ? new Lost("blob " + id, Damage.Kind.MISSING, "no pack holds it")
          : new Lost(gone.get(0).file(), Damage.Kind.MISSING, "the pack is not there");
    }
    return Optional.of(lost);
  }

  private static Damage.Kind kind(CorruptRepositoryException e) {
    return e.getCause() == null ? Damage.Kind.CORRUPT : Damage.Kind.UNREADABLE;
  }

  private void hit(Lost lost, KeyedId id, byte[] path) {
    if (lost.kind != Damage.Kind.UNREADABLE) {
      findings.lost(id);
    }
    findings.hit(lost.object, lost.kind, lost.detail, snapshot, display(path));
  }

  private static byte[] join(byte[] parent, byte[] name) {
    if (parent.length == 0) {
      return name;
    }
    byte[] path = Arrays.copyOf(parent, parent.length + 1 + name.length);
    path[parent.length] = '/';
    System.arraycopy(name, 0, path, parent.length + 1, name.length);
    return path;
  }

  private static String display(byte[] path) {
    return path.length == 0 ? "/" : RawName.display(path);
  }

  @Override
  public void close() {
    reader.close();
  }
}
