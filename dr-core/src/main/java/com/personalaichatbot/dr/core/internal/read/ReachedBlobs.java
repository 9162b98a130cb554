package com.personalaichatbot.dr.core.internal.read;

import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.format.TreeNode;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Marks every blob that snapshots reach, each at one of its places. A node that several snapshots
 * share is read once.
 *
 * <p>An <em>inner</em> object is a tree node or a part of a content map, which name other blobs, or
 * the record of a snapshot. Where one cannot be read, nobody knows what lies below it, so the
 * snapshots that reach it are noted as {@link #blocking}: nothing may be deleted while one of them
 * stays. A leaf that is lost takes nothing with it. Not thread-safe.
 */
public final class ReachedBlobs {
  private final BlobIndex index;
  private final TreeReader trees;
  private final BitSet marks = new BitSet();
  private final Set<KeyedId> lost = new HashSet<>();

  /** Inner objects that cannot be read, and all those above them. */
  private final Set<KeyedId> broken = new HashSet<>();

  private final List<CatalogEntry> blocking = new ArrayList<>();
  private Optional<CorruptRepositoryException> failure = Optional.empty();

  /** Marks in this index what it reads from these trees. */
  public ReachedBlobs(BlobIndex index, TreeReader trees) {
    this.index = index;
    this.trees = trees;
  }

  /** Marks all that a snapshot reaches. */
  public void add(CatalogEntry snapshot) throws IOException {
    KeyedId root = snapshot.snapshot().root();
    KeyedId record = snapshot.snapshot().recordBlob();
    boolean whole = root == null || node(root);
    whole &= record == null || record(record);
    if (!whole) {
      blocking.add(snapshot);
    }
  }

  /** One bit for each record of the index: set where a blob is reached. */
  public BitSet marks() {
    return marks;
  }

  /** Whether a blob is reached and has a place. */
  public boolean holds(KeyedId id) {
    return index.isMarkedAnywhere(id, marks);
  }

  /** Leaves that are reached and that no place holds. */
  public Set<KeyedId> lost() {
    return lost;
  }

  /** The snapshots of which an inner object cannot be read, in the order in which they came. */
  public List<CatalogEntry> blocking() {
    return blocking;
  }

  /** The first failure to read an inner object. */
  public Optional<CorruptRepositoryException> failure() {
    return failure;
  }

  /** Marks a node and all below it; returns whether all inner objects among them can be read. */
  private boolean node(KeyedId id) throws IOException {
    if (index.mark(id, marks) == BlobIndex.Marked.BEFORE || broken.contains(id)) {
      return !broken.contains(id);
    }
    TreeNode node;
    try {
      node = trees.node(id);
    } catch (CorruptRepositoryException e) {
      return broken(id, e);
    }
    boolean whole = true;
    for (TreeNode.Child child : node.children()) {
      whole &= node(child.node());
    }
    for (TreeEntry entry : node.entries()) {
      if (entry.directory() != null) {
        whole &= node(entry.directory());
      } else if (entry.type() == EntryType.FILE) {
        whole &= file(entry);
      }
    }
    if (!whole) {
      broken.add(id);
    }
    return whole;
  }

  /** Marks the record beside the tree, without which a lost history is not made again. */
  private boolean record(KeyedId id) throws IOException {
    index.mark(id, marks);
    try {
      trees.requireRecord(id);
      return true;
    } catch (CorruptRepositoryException e) {
      return broken(id, e);
    }
  }

  private boolean file(TreeEntry file) throws IOException {
    if (file.content().maps().isEmpty()) {
      leaves(file.content().extents());
      return true;
    }
    boolean whole = true;
    for (KeyedId map : file.content().maps()) {
      whole &= map(map);
    }
    return whole;
  }

  private boolean map(KeyedId id) throws IOException {
    if (index.mark(id, marks) == BlobIndex.Marked.BEFORE || broken.contains(id)) {
      return !broken.contains(id);
    }
    try {
      leaves(trees.extents(id));
      return true;
    } catch (CorruptRepositoryException e) {
      return broken(id, e);
    }
  }

  private void leaves(List<Extent> extents) {
    for (Extent extent : extents) {
      if (!extent.isHole() && index.mark(extent.blob(), marks) == BlobIndex.Marked.ABSENT) {
        lost.add(extent.blob());
      }
    }
  }

  private boolean broken(KeyedId id, CorruptRepositoryException why) {
    broken.add(id);
    if (failure.isEmpty()) {
      failure = Optional.of(why);
    }
    return false;
  }
}
