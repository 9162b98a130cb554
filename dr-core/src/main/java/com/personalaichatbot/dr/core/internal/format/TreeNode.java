package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.ArrayList;
import java.util.List;

/**
 * A node of a directory's tree: a leaf with entries, or an inner node with children one level
 * below. Names are strictly ascending; an inner node repeats the last name of each child.
 *
 * @param level 1 for a leaf
 * @param entries of a leaf, else empty
 * @param children of an inner node, else empty
 */
public record TreeNode(int level, List<TreeEntry> entries, List<Child> children) {
  /** Deepest level; reaching it takes 16 to the 15th entries. */
  public static final int MAX_LEVEL = 15;

  /**
   * A node one level below.
   *
   * @param lastName the greatest name in it
   */
  public record Child(byte[] lastName, KeyedId node) {}

  /** A leaf. */
  public static byte[] encodeLeaf(List<TreeEntry> entries) {
    BytesWriter out = new BytesWriter(entries.size() * 128).u8(1).varint(entries.size());
    entries.forEach(entry -> entry.encode(out));
    return out.toBytes();
  }

  /** An inner node. */
  public static byte[] encodeInner(int level, List<Child> children) {
    BytesWriter out = new BytesWriter(children.size() * 80).u8(level).varint(children.size());
    children.forEach(child -> out.block(child.lastName).id(child.node));
    return out.toBytes();
  }

  /** Reads a node. */
  public static TreeNode decode(byte[] bytes) throws MalformedException {
    BytesReader in = new BytesReader(bytes);
    int level = in.u8();
    if (level < 1 || level > MAX_LEVEL) {
      throw new MalformedException("tree level " + level + " is out of bounds");
    }
    int count = in.varint(Limits.MAX_BLOB);
    if (count == 0 || count > in.remaining()) {
      throw new MalformedException("a tree node cannot have " + count + " entries");
    }
    List<TreeEntry> entries = new ArrayList<>();
    List<Child> children = new ArrayList<>();
    byte[] previous = null;
    for (int i = 0; i < count; i++) {
      byte[] name;
      if (level == 1) {
        TreeEntry entry = TreeEntry.decode(in);
        entries.add(entry);
        name = entry.name();
      } else {
        name = in.block(Limits.MAX_NAME);
        TreeEntry.checkName(name);
        children.add(new Child(name, in.id()));
      }
      if (previous != null && TreeEntry.compareNames(previous, name) >= 0) {
        throw new MalformedException("the names of a tree node do not ascend");
      }
      previous = name;
    }
    in.end();
    return new TreeNode(level, List.copyOf(entries), List.copyOf(children));
  }
}
