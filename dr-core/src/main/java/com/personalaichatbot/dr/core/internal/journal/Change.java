package com.personalaichatbot.dr.core.internal.journal;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.BytesReader;
import com.personalaichatbot.dr.core.internal.format.BytesWriter;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.Sha256;

/**
 * One exchange that a restore is about to make.
 *
 * <p>What is new as a whole, a directory with all that is below it, is staged as a whole: a
 * <em>staged tree</em>, which can reach its place by one rename.
 *
 * @param number names the kept file, and the staged one that is in no staged tree
 * @param tree number of the change that makes the top of the staged tree that this one is staged
 *     in; its own number if it is staged by itself or is that top
 * @param depth how many elements of the place lead to the top of that tree; 0 if staged by itself
 * @param place NAME/rest, raw bytes
 * @param before what stood there when it was compared, null if nothing did
 * @param after what will be there, null if nothing does
 * @param content SHA-256 of a file that is put there, target of a link; else empty
 */
public record Change(
    Kind kind,
    int number,
    int tree,
    int depth,
    byte[] place,
    Attributes before,
    Attributes after,
    byte[] content) {

  /** The kind of a change. */
  public enum Kind {
    /** A staged file takes the place of what is there. */
    PUT_FILE,
    /** A staged symbolic link takes the place of what is there. */
    PUT_LINK,
    /** A directory is made, in the place of a file or link if there is one. */
    MAKE_DIRECTORY,
    /** Mode, owner and times of a file or directory are set. */
    SET_METADATA,
    /** A file or link goes. */
    REMOVE,
    /** A directory goes, which is empty by then. */
    REMOVE_DIRECTORY
  }

  private static final byte[] NOTHING = {};

  /** A staged file. */
  public static Change putFile(
      int number, byte[] place, Attributes before, Attributes after, byte[] sha256) {
    return new Change(Kind.PUT_FILE, number, number, 0, place, before, after, sha256);
  }

  /** A staged link. */
  public static Change putLink(
      int number, byte[] place, Attributes before, Attributes after, byte[] target) {
    return new Change(Kind.PUT_LINK, number, number, 0, place, before, after, target);
  }

  /** Any other change. */
  public static Change of(
      Kind kind, int number, byte[] place, Attributes before, Attributes after) {
    return new Change(kind, number, number, 0, place, before, after, NOTHING);
  }

  /** The same change, staged in a tree. */
  public Change stagedIn(int newTree, int newDepth) {
    return new Change(kind, number, newTree, newDepth, place, before, after, content);
  }

  byte[] encode() {
    BytesWriter out = new BytesWriter().u8(kind.ordinal()).varint(number);
    out.varint(tree).varint(depth).block(place);
    attributes(out, before);
    attributes(out, after);
    return out.block(content).toBytes();
  }

  static Change decode(byte[] record) throws MalformedException {
    BytesReader in = new BytesReader(record);
    int code = in.u8();
    if (code >= Kind.values().length) {
      throw new MalformedException("journal record " + code + " is unknown");
    }
    Kind kind = Kind.values()[code];
    int number = in.varint(Integer.MAX_VALUE);
    int tree = in.varint(Integer.MAX_VALUE);
    int depth = in.varint(Integer.MAX_VALUE);
    byte[] place = in.block(Integer.MAX_VALUE);
    Attributes before = attributes(in);
    Attributes after = attributes(in);
    byte[] content = in.block(Math.max(Sha256.BYTES, Limits.MAX_PATH));
    in.end();
    return new Change(kind, number, tree, depth, place, before, after, content);
  }

  private static void attributes(BytesWriter out, Attributes a) {
    if (a == null) {
      out.u8(0);
      return;
    }
    out.u8(1).varint(a.mode()).u32(a.uid()).u32(a.gid()).varint(a.size());
    out.signed(a.mtimeSeconds()).varint(a.mtimeNanos());
    out.signed(a.ctimeSeconds()).varint(a.ctimeNanos());
    out.varint(a.device()).varint(a.inode()).varint(a.links());
  }

  private static Attributes attributes(BytesReader in) throws MalformedException {
    if (in.u8() == 0) {
      return null;
    }
    int mode = in.varint(07777);
    int uid = in.u32();
    int gid = in.u32();
    long size = in.varint(Long.MAX_VALUE);
    long mtime = in.signed();
    int mtimeNanos = in.varint(999_999_999);
    long ctime = in.signed();
    int ctimeNanos = in.varint(999_999_999);
    long device = in.varint(Long.MAX_VALUE);
    long inode = in.varint(Long.MAX_VALUE);
    int links = in.varint(Integer.MAX_VALUE);
    return new Attributes(
        mode, uid, gid, size, mtime, mtimeNanos, ctime, ctimeNanos, device, inode, links);
  }
}
