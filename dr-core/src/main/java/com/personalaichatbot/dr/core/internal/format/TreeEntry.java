package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.Arrays;
import java.util.Objects;

/**
 * One entry of a directory: a name, what it is, its attributes, and what it holds. Immutable; the
 * arrays it hands out are not to be changed.
 */
public final class TreeEntry {
  private final byte[] name;
  private final EntryType type;
  private final Attributes attributes;
  private final Capture capture;
  private final Content content;
  private final KeyedId directory;
  private final byte[] linkTarget;

  private TreeEntry(
      byte[] name,
      EntryType type,
      Attributes attributes,
      Capture capture,
      Content content,
      KeyedId directory,
      byte[] linkTarget) {
    this.name = Objects.requireNonNull(name);
    this.type = type;
    this.attributes = Objects.requireNonNull(attributes);
    this.capture = capture;
    this.content = content;
    this.directory = directory;
    this.linkTarget = linkTarget;
  }

  /** A regular file. */
  public static TreeEntry file(
      byte[] name, Attributes attributes, Capture capture, Content content) {
    return new TreeEntry(name, EntryType.FILE, attributes, capture, content, null, null);
  }

  /** A directory; {@code node} is the root of its listing, null when it is empty. */
  public static TreeEntry directory(byte[] name, Attributes attributes, KeyedId node) {
    return new TreeEntry(
        name, EntryType.DIRECTORY, attributes, Capture.CLEAN, Content.EMPTY, node, null);
  }

  /** A symbolic link. */
  public static TreeEntry symlink(byte[] name, Attributes attributes, byte[] target) {
    return new TreeEntry(
        name, EntryType.SYMLINK, attributes, Capture.CLEAN, Content.EMPTY, null, target);
  }

  /** The name, one path element, raw bytes. */
  public byte[] name() {
    return name;
  }

  /** What it is. */
  public EntryType type() {
    return type;
  }

  /** Its attributes. */
  public Attributes attributes() {
    return attributes;
  }

  /** How its bytes were obtained. */
  public Capture capture() {
    return capture;
  }

  /** What a file holds; empty for the others. */
  public Content content() {
    return content;
  }

  /** Root node of a directory's listing, null when it is empty or no directory. */
  public KeyedId directory() {
    return directory;
  }

  /** Target of a symbolic link, raw bytes; null for the others. */
  public byte[] linkTarget() {
    return linkTarget;
  }

  /** Whether a restore of both would give the same, apart from the name. */
  public boolean sameAs(TreeEntry other) {
    return type == other.type
        && attributes.sameMetadata(other.attributes)
        && attributes.size() == other.attributes.size()
        && Objects.equals(content, other.content)
        && Objects.equals(directory, other.directory)
        && Arrays.equals(linkTarget, other.linkTarget);
  }

  /** Whether both are in a tree as the same bytes. */
  public boolean isWrittenAs(TreeEntry other) {
    Attributes a = attributes;
    Attributes b = other.attributes;
    return sameAs(other)
        && Arrays.equals(name, other.name)
        && capture == other.capture
        && (type != EntryType.FILE
            || a.sameVersion(b)
                && a.links() == b.links()
                && (a.links() == 1 || a.device() == b.device()));
  }

  void encode(BytesWriter out) {
    Attributes a = attributes;
    boolean linked = type == EntryType.FILE && a.links() > 1;
    out.block(name).u8(type.code() | (linked ? 0x80 : 0));
    out.varint(a.mode()).varint(a.uid() & 0xffffffffL).varint(a.gid() & 0xffffffffL);
    out.signed(a.mtimeSeconds()).varint(a.mtimeNanos());
    if (type == EntryType.FILE) {
      out.signed(a.ctimeSeconds()).varint(a.ctimeNanos()).varint(a.inode());
      if (linked) {
        out.varint(a.device()).varint(a.links());
      }
      out.varint(a.size()).u8(capture.code());
      content.encode(out, a.size());
    } else if (type == EntryType.DIRECTORY) {
      out.u8(directory == null ? 0 : 1);
      if (directory != null) {
        out.id(directory);
      }
    } else {
      out.block(linkTarget);
    }
  }

  static TreeEntry decode(BytesReader in) throws MalformedException {
    byte[] name = in.block(Limits.MAX_NAME);
    checkName(name);
    int code = in.u8();
    EntryType type = EntryType.of(code & 0x7f);
    boolean linked = (code & 0x80) != 0;
    if (linked && type != EntryType.FILE) {
      throw new MalformedException("only files are hard-linked");
    }
    int mode = in.varint(07777);
    int uid = (int) in.varint(0xffffffffL);
    int gid = (int) in.varint(0xffffffffL);
    long mtime = in.signed();
    int mtimeNanos = in.varint(999_999_999);
    long ctime = 0;
    int ctimeNanos = 0;
    long inode = 0;
    long device = 0;
    int links = 1;
    long size = 0;
    Capture capture = Capture.CLEAN;
    Content content = Content.EMPTY;
    KeyedId directory = null;
    byte[] target = null;
    switch (type) {
      case FILE:
        ctime = in.signed();
        ctimeNanos = in.varint(999_999_999);
        inode = in.varint(Long.MAX_VALUE);
        if (linked) {
          device = in.varint(Long.MAX_VALUE);
          links = in.varint(Integer.MAX_VALUE);
        }
        size = in.varint(Limits.MAX_FILE);
        capture = Capture.of(in.u8());
        content = Content.decode(in, size);
        break;
      case DIRECTORY:
        int present = in.u8();
        if (present > 1) {
          throw new MalformedException("a directory's listing is neither there nor not");
        }
        directory = present == 1 ? in.id() : null;
        break;
      default:
        target = in.block(Limits.MAX_PATH);
        if (target.length == 0 || indexOf(target, (byte) 0) >= 0) {
          throw new MalformedException("a symbolic link has no possible target");
        }
    }
    Attributes attributes = new Attributes(
        mode, uid, gid, size, mtime, mtimeNanos, ctime, ctimeNanos, device, inode, links);
    return new TreeEntry(name, type, attributes, capture, content, directory, target);
  }

  /** Refuses a name that is not a single path component (invariant 14). */
  static void checkName(byte[] name) throws MalformedException {
    boolean dots =
        name.length > 0 && name.length <= 2 && name[0] == '.' && name[name.length - 1] == '.';
    if (name.length == 0
        || dots
        || indexOf(name, (byte) '/') >= 0
        || indexOf(name, (byte) 0) >= 0) {
      throw new MalformedException("an entry's name is not a single path element");
    }
  }

  private static int indexOf(byte[] bytes, byte wanted) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Orders names as unsigned bytes, the order of every directory. */
  public static int compareNames(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b);
  }
}
