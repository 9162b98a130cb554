package com.personalaichatbot.dr.core.internal.catalog;

import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.format.TreeNode;
import com.personalaichatbot.dr.crypto.KeyedId;
import com.personalaichatbot.dr.crypto.NameHasher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns the sorted entries of a directory into nodes.
 *
 * <p>Where one node ends and the next begins is a function of the names and the tree key alone
 * (invariant 14): an entry closes its leaf if the keyed hash of its name ends in four zero bits,
 * its node one level up if in eight, and so on. Whatever order the changes came in, the same names
 * give the same shape, and one change rewrites one path of about sixteen entries a node. Not
 * thread-safe.
 */
public final class TreeWriter {
  private static final int BITS = 4;

  private final NameHasher names;

  /** Cuts by this keyed hash. */
  public TreeWriter(NameHasher names) {
    this.names = names;
  }

  /** Takes nodes and stores them. */
  @FunctionalInterface
  public interface NodeStore {
    /** Stores a node, if it is not stored yet, and gives its id. */
    KeyedId store(byte[] node) throws IOException;
  }

  /**
   * Writes the listing of one directory.
   *
   * @param entries strictly ascending by name
   * @return the root node, or null if there are no entries
   */
  public KeyedId write(List<TreeEntry> entries, NodeStore store) throws IOException {
    if (entries.isEmpty()) {
      return null;
    }
    List<TreeNode.Child> nodes = new ArrayList<>();
    List<Integer> zeros = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < entries.size(); i++) {
      int closing = Long.numberOfTrailingZeros(names.hash(entries.get(i).name()));
      if (closing >= BITS || i + 1 == entries.size()) {
        KeyedId id = store.store(TreeNode.encodeLeaf(entries.subList(from, i + 1)));
        nodes.add(new TreeNode.Child(entries.get(i).name(), id));
        zeros.add(closing);
        from = i + 1;
      }
    }
    for (int level = 2; nodes.size() > 1; level++) {
      List<TreeNode.Child> above = new ArrayList<>();
      List<Integer> aboveZeros = new ArrayList<>();
      from = 0;
      for (int i = 0; i < nodes.size(); i++) {
        boolean closes = zeros.get(i) >= BITS * level && level < TreeNode.MAX_LEVEL;
        if (closes || i + 1 == nodes.size()) {
          KeyedId id = store.store(TreeNode.encodeInner(level, nodes.subList(from, i + 1)));
          above.add(new TreeNode.Child(nodes.get(i).lastName(), id));
          aboveZeros.add(zeros.get(i));
          from = i + 1;
        }
      }
      nodes = above;
      zeros = aboveZeros;
    }
    return nodes.get(0).node();
  }
}
