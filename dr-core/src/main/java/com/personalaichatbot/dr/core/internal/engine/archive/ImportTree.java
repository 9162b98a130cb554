package com.personalaichatbot.dr.core.internal.engine.archive;

import com.personalaichatbot.dr.core.internal.archive.ArchiveEntry;
import com.personalaichatbot.dr.core.internal.archive.BadArchiveException;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.Capture;
import com.personalaichatbot.dr.core.internal.format.Content;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.internal.write.PackOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tree of an archive, put together from entries in whatever order they come. This is where
 * names are judged: one that leads out of the tree, through a link, or to a place that is taken is
 * refused, and with it the archive. Nothing is ever looked up in a file system. Not thread-safe.
 */
final class ImportTree {
  /** As long as a path that the JVM can open; it also bounds how deep a tree is. */
  private static final int MAX_PATH = 4096;

  private static final byte[] PARENT = {'.', '.'};

  private static final long MAX_NAMES = 256 << 20;

  private final int maxEntries;
  private final Node root;
  private final Map<Node, byte[]> hardLinks = new LinkedHashMap<>();
  private int entries;
  private long nameBytes;

  ImportTree(int maxEntries) {
    this.maxEntries = maxEntries;
    this.root = new Node(new byte[0], ArchiveEntry.Type.DIRECTORY);
  }

  /** One entry of the tree. */
  static final class Node {
    private final byte[] name;
    private ArchiveEntry.Type type;
    private Attributes attributes;
    private byte[] target;
    private Content content = Content.EMPTY;
    private final Map<byte[], Node> children;

    private Node(byte[] name, ArchiveEntry.Type type) {
      this.name = name;
      this.type = type;
      this.children =
          type == ArchiveEntry.Type.DIRECTORY ? new TreeMap<>(Arrays::compareUnsigned) : Map.of();
    }

    /** A directory that is not in the archive, with these of its entries. */
    static Node directory(Node like, Collection<Node> children) {
      Node node = new Node(like.name, ArchiveEntry.Type.DIRECTORY);
      node.attributes = like.attributes;
      children.forEach(child -> node.children.put(child.name, child));
      return node;
    }

    /** Its name as people see it. */
    String display() {
      return RawName.display(name);
    }

    Attributes attributes() {
      return attributes;
    }

    boolean isDirectory() {
      return type == ArchiveEntry.Type.DIRECTORY;
    }

    boolean isSymlink() {
      return type == ArchiveEntry.Type.SYMLINK;
    }

    void setContent(Content newContent) {
      content = newContent;
    }

    /** What is in it, in the order of names. */
    Collection<Node> children() {
      return children.values();
    }

    /**
     * Leaves out all below it that has the name which restores keep their files under.
     *
     * @return the paths of what was left out
     */
    List<String> leaveOutReserved() {
      List<String> left = new ArrayList<>();
      Map<Node, String> open = new LinkedHashMap<>(Map.of(this, ""));
      while (!open.isEmpty()) {
        Node directory = open.keySet().iterator().next();
        String path = open.remove(directory);
        for (Node child : List.copyOf(directory.children())) {
          if (child.isReserved()) {
            directory.children.remove(child.name);
            left.add(path + child.display());
          } else if (child.isDirectory()) {
            open.put(child, path + child.display() + "/");
          }
        }
      }
      return left;
    }

    /** Whether no restore can bring it; a target may not tell upper case from lower case. */
    boolean isReserved() {
      return display().equalsIgnoreCase(SourceScan.STAGE);
    }

    /** The entry at a path below it, or null. */
    Node find(byte[] path) {
      Node found = this;
      for (byte[] element : elements(path)) {
        found = found == null ? null : found.children.get(element);
      }
      return found;
    }
  }

  Node root() {
    return root;
  }

  /** Adds an entry and gives its place. */
  Node add(ArchiveEntry entry) throws BadArchiveException {
    byte[] path = entry.path();
    if (path.length > MAX_PATH || (entry.target() != null && entry.target().length > MAX_PATH)) {
      throw bad(path, "has a name or target of more than " + MAX_PATH + " bytes");
    }
    if (path.length > 0 && path[0] == '/') {
      throw bad(path, "has an absolute name");
    }
    List<byte[]> elements = elements(path);
    Node directory = root;
    for (int i = 0; i + 1 < elements.size(); i++) {
      Node next = directory.children.get(elements.get(i));
      if (next == null) {
        next = child(directory, elements.get(i), ArchiveEntry.Type.DIRECTORY);
      }
      if (!next.isDirectory()) {
        throw bad(path, "lies below an entry that is no directory");
      }
      directory = next;
    }
    Node node = place(entry, elements, directory);
    node.attributes = entry.attributes();
    if (entry.target() != null) {
      if (entry.target().length == 0) {
        throw bad(path, "is a link to nothing");
      }
      account(entry.target().length);
      node.target = entry.target();
      if (entry.type() == ArchiveEntry.Type.HARD_LINK) {
        hardLinks.put(node, path);
      }
    }
    return node;
  }

  private Node place(ArchiveEntry entry, List<byte[]> elements, Node directory)
      throws BadArchiveException {
    boolean isDirectory = entry.type() == ArchiveEntry.Type.DIRECTORY;
    if (elements.isEmpty()) {
      if (!isDirectory) {
        throw bad(entry.path(), "has no name");
      }
      return root;
    }
    byte[] name = elements.get(elements.size() - 1);
    Node there = directory.children.get(name);
    if (there == null) {
      return child(directory, name, entry.type());
    }
    boolean onlyImplied = there.isDirectory() && there.attributes == null;
    if (!isDirectory || !onlyImplied) {
      throw bad(entry.path(), "is there twice");
    }
    return there;
  }

  private Node child(Node directory, byte[] name, ArchiveEntry.Type type)
      throws BadArchiveException {
    if (Arrays.equals(name, PARENT)) {
      throw bad(name, "leads out of the archive");
    }
    for (byte b : name) {
      if (b == 0) {
        throw bad(name, "has NUL in its name");
      }
    }
    if (++entries > maxEntries) {
      throw new BadArchiveException(
          "it holds more than the " + maxEntries + " entries that are allowed");
    }
    account(name.length);
    Node node = new Node(name, type);
    directory.children.put(name, node);
    return node;
  }

  private void account(int length) throws BadArchiveException {
    nameBytes += length;
    if (nameBytes > MAX_NAMES) {
      throw new BadArchiveException(
          "its names take more than the " + MAX_NAMES + " bytes that are allowed");
    }
  }

  /** The elements of a path without those that are empty or {@code .}, which lead nowhere. */
  private static List<byte[]> elements(byte[] path) {
    List<byte[]> elements = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= path.length; i++) {
      if (i == path.length || path[i] == '/') {
        boolean dot = i == from + 1 && path[from] == '.';
        if (i > from && !dot) {
          elements.add(Arrays.copyOfRange(path, from, i));
        }
        from = i + 1;
      }
    }
    return elements;
  }

  private static BadArchiveException bad(byte[] path, String problem) {
    return new BadArchiveException("entry '" + RawName.display(path) + "' " + problem);
  }

  /**
   * Ends the tree: all names of a file become that file, and a directory that is only implied gets
   * these attributes.
   */
  void finish(Attributes implied) throws BadArchiveException {
    resolveHardLinks();
    imply(root, implied);
  }

  private static void imply(Node directory, Attributes implied) {
    if (directory.attributes == null) {
      directory.attributes = implied;
    }
    for (Node child : directory.children()) {
      if (child.isDirectory()) {
        imply(child, implied);
      }
    }
  }

  private void resolveHardLinks() throws BadArchiveException {
    Map<Node, List<Node>> groups = new LinkedHashMap<>();
    for (Map.Entry<Node, byte[]> link : hardLinks.entrySet()) {
      Node file = root.find(link.getKey().target);
      if (file == null || file.type != ArchiveEntry.Type.FILE) {
        throw bad(link.getValue(), "is a hard link to what is no file of the archive");
      }
      groups.computeIfAbsent(file, f -> new ArrayList<>()).add(link.getKey());
    }
    long number = 0;
    for (Map.Entry<Node, List<Node>> group : groups.entrySet()) {
      Node file = group.getKey();
      file.attributes = linked(file.attributes, ++number, 1 + group.getValue().size());
      for (Node link : group.getValue()) {
        link.type = ArchiveEntry.Type.FILE;
        link.attributes = file.attributes;
        link.content = file.content;
      }
    }
  }

  private static Attributes linked(Attributes a, long number, int links) {
    return new Attributes(
        a.mode(),
        a.uid(),
        a.gid(),
        a.size(),
        a.mtimeSeconds(),
        a.mtimeNanos(),
        0,
        0,
        1,
        number,
        links);
  }

  /** The written part of the tree. */
  record Written(TreeEntry entry, long files, long bytes) {}

  /** Writes a part of the tree, from the leaves up, under another name. */
  static Written write(Node node, byte[] name, PackOutput output) throws IOException {
    switch (node.type) {
      case DIRECTORY -> {
        List<TreeEntry> entries = new ArrayList<>();
        long files = 0;
        long bytes = 0;
        for (Node child : node.children()) {
          Written written = write(child, child.name, output);
          entries.add(written.entry);
          files += written.files;
          bytes += written.bytes;
        }
        return new Written(
            TreeEntry.directory(name, node.attributes, output.writeDirectory(entries)),
            files,
            bytes);
      }
      case SYMLINK -> {
        return new Written(TreeEntry.symlink(name, node.attributes, node.target), 1, 0);
      }
      default -> {
        return new Written(
            TreeEntry.file(name, node.attributes, Capture.CLEAN, node.content),
            1,
            node.attributes.size());
      }
    }
  }
}
