package com.personalaichatbot.dr.core.internal.catalog;

import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Content;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.format.TreeNode;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Reads directories and content maps. Every node is checked against its place: levels go down by
 * one, names ascend throughout, and a child ends where its parent says. Not thread-safe, as the
 * reader under it.
 */
public final class TreeReader {
  private final BlobReader blobs;

  /** Reads nodes through this reader. */
  public TreeReader(BlobReader blobs) {
    this.blobs = blobs;
  }

  /** The entries of one directory, in order, a node at a time. */
  public final class Cursor {
    private final Deque<Place> path = new ArrayDeque<>();
    private byte[] last;

    private Cursor() {}

    /** The next entry, or null at the end. */
    public TreeEntry next() throws IOException {
      while (!path.isEmpty()) {
        Place place = path.peek();
        TreeNode node = place.node;
        if (node.level() == 1) {
          if (place.next < node.entries().size()) {
            TreeEntry entry = node.entries().get(place.next++);
            if (last != null && TreeEntry.compareNames(last, entry.name()) >= 0) {
              throw corrupt(place.id, "its names do not ascend from the node before");
            }
            last = entry.name();
            return entry;
          }
          path.pop();
        } else if (place.next < node.children().size()) {
          TreeNode.Child child = node.children().get(place.next++);
          path.push(new Place(child.node(), child(child, node.level() - 1)));
        } else {
          path.pop();
        }
      }
      return null;
    }
  }

  private static final class Place {
    private final KeyedId id;
    private final TreeNode node;
    private int next;

    Place(KeyedId id, TreeNode node) {
      this.id = id;
      this.node = node;
    }
  }

  /** Begins at the first entry of a directory; null is the empty one. */
  public Cursor open(KeyedId root) throws IOException {
    Cursor cursor = new Cursor();
    if (root != null) {
      cursor.path.push(new Place(root, node(root)));
    }
    return cursor;
  }

  /** One node. */
  public TreeNode node(KeyedId id) throws IOException {
    try {
      return TreeNode.decode(blobs.read(id, BlobType.TREE));
    } catch (MalformedException e) {
      throw corrupt(id, e.getMessage());
    }
  }

  private TreeNode child(TreeNode.Child child, int level) throws IOException {
    TreeNode node = node(child.node());
    if (node.level() != level || TreeEntry.compareNames(lastName(node), child.lastName()) != 0) {
      throw corrupt(child.node(), "it is not the node that its parent describes");
    }
    return node;
  }

  private static byte[] lastName(TreeNode node) {
    return node.level() == 1
        ? node.entries().get(node.entries().size() - 1).name()
        : node.children().get(node.children().size() - 1).lastName();
  }

  /** The entry of this name in a directory. */
  public Optional<TreeEntry> find(KeyedId root, byte[] name) throws IOException {
    if (root == null) {
      return Optional.empty();
    }
    TreeNode node = node(root);
    while (node.level() > 1) {
      TreeNode.Child next = null;
      for (TreeNode.Child child : node.children()) {
        if (TreeEntry.compareNames(name, child.lastName()) <= 0) {
          next = child;
          break;
        }
      }
      if (next == null) {
        return Optional.empty();
      }
      node = child(next, node.level() - 1);
    }
    for (TreeEntry entry : node.entries()) {
      if (TreeEntry.compareNames(name, entry.name()) == 0) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  /** The extents of a file, in order, adding up to its size. */
  public List<Extent> extents(TreeEntry file) throws IOException {
    if (file.type() != EntryType.FILE) {
      throw new IllegalArgumentException("only files have extents");
    }
    Content content = file.content();
    if (content.maps().isEmpty()) {
      return content.extents();
    }
    List<Extent> extents = new ArrayList<>();
    for (KeyedId map : content.maps()) {
      extents.addAll(extents(map));
    }
    try {
      Content.checkSize(extents, file.attributes().size());
    } catch (MalformedException e) {
      throw corrupt(content.maps().get(0), e.getMessage());
    }
    return extents;
  }

  /**
   * Reads the record of a snapshot that lies beside its tree.
   *
   * @throws CorruptRepositoryException if no place holds it whole
   */
  public void requireRecord(KeyedId id) throws IOException {
    blobs.view(id, BlobType.RECORD);
  }

  /** The extents of one part of a content map. */
  public List<Extent> extents(KeyedId map) throws IOException {
    try {
      return Content.decodeMap(blobs.read(map, BlobType.MAP));
    } catch (MalformedException e) {
      throw corrupt(map, e.getMessage());
    }
  }

  private static CorruptRepositoryException corrupt(KeyedId node, String problem) {
    return new CorruptRepositoryException(
        "blob " + node,
        problem,
        "run dr verify to see what is damaged; heal the repository with dr heal COPY, or restore another snapshot");
  }
}
