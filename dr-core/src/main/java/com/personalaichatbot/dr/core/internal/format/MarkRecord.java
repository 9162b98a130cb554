package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Section A of a MARK entry: what became known about snapshots, blobs and packs.
 *
 * @param method how it became known: 0 said by a person, 1 read back, 2 a drill
 * @param coverage share of the data that was looked at, in thousandths
 * @param damagedBlobs ids that no undamaged place holds any more
 * @param damagedPacks names of packs that are not what they were written as
 * @param extension parts that were added to the format later
 */
public record MarkRecord(
    Instant time,
    int method,
    int coverage,
    List<SnapshotMark> snapshots,
    List<KeyedId> damagedBlobs,
    List<String> damagedPacks,
    Extension extension) {

  /** Method: said by a person. */
  public static final int BY_PERSON = 0;

  /** Method: read back by a verify. */
  public static final int BY_VERIFY = 1;

  /** Method: restored and validated by a drill. */
  public static final int BY_DRILL = 2;

  /** Nobody looked yet, or what was known no longer holds. */
  public static final int UNVERIFIED = 0;

  /** All of it was read back. */
  public static final int VERIFIED = 1;

  /** A drill restored and validated it. */
  public static final int PROVEN = 2;

  /** Not to be relied on. */
  public static final int SUSPECT = 3;

  /** Pinned. */
  public static final int HOLD = 4;

  /** No longer pinned. */
  public static final int RELEASE = 5;

  /** Removed from the list of snapshots; it stays restorable until its grace is over. */
  public static final int REMOVED = 6;

  /** The removal is taken back. */
  public static final int UNREMOVED = 7;

  /** A person or the application says that what a SHRUNK snapshot lacks is meant to be gone. */
  public static final int ACCEPTED = 8;

  /** Reserved: damage of it was repaired. Version 1 reads it and draws no conclusion from it. */
  public static final int MENDED = 9;

  /** Keeps copies. */
  public MarkRecord {
    snapshots = List.copyOf(snapshots);
    damagedBlobs = List.copyOf(damagedBlobs);
    damagedPacks = List.copyOf(damagedPacks);
  }

  /**
   * A mark on one snapshot.
   *
   * @param change one of the constants of this class
   * @param until for HOLD, seconds since 1970 when it ends, 0 for never; for REMOVED, 0 if the time
   *     of this entry can be believed, else 1; else 0
   * @param reasons for REMOVED, why, in words that retention knows; else empty
   */
  public record SnapshotMark(Bytes16 snapshot, int change, long until, String reasons) {
    /** A mark without reasons. */
    public SnapshotMark(Bytes16 snapshot, int change, long until) {
      this(snapshot, change, until, "");
    }
  }

  /** The text to seal. */
  public byte[] encode() {
    BytesWriter out = extension.begin(EntryKind.MARK);
    Times.write(out, time);
    out.u8(method).u16(coverage).varint(snapshots.size());
    for (SnapshotMark mark : snapshots) {
      out.raw(mark.snapshot.toBytes()).u8(mark.change).signed(mark.until).text(mark.reasons);
    }
    out.varint(damagedBlobs.size());
    damagedBlobs.forEach(out::id);
    out.varint(damagedPacks.size());
    damagedPacks.forEach(name -> out.raw(HexFormat.of().parseHex(name)));
    return Extension.pad(out);
  }

  /** Reads section A behind its kind. */
  public static MarkRecord decode(BytesReader in)
      throws MalformedException, UnknownVersionException {
    Extension extension = Extension.read(in);
    Instant time = Times.read(in);
    int method = in.u8();
    if (method > BY_DRILL) {
      throw new UnknownVersionException("method " + method);
    }
    int coverage = in.u16();
    int count = in.varint(Limits.MAX_LIST);
    List<SnapshotMark> marks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Bytes16 snapshot = Bytes16.of(in.raw(Bytes16.BYTES));
      int change = in.u8();
      if (change > MENDED) {
        throw new UnknownVersionException("mark " + change);
      }
      marks.add(new SnapshotMark(snapshot, change, in.signed(), in.text(SnapshotRecord.MAX_TEXT)));
    }
    int blobCount = in.varint(Limits.MAX_ENTRY);
    List<KeyedId> blobs = new ArrayList<>();
    for (int i = 0; i < blobCount; i++) {
      blobs.add(in.id());
    }
    int packCount = in.varint(Limits.MAX_ENTRY);
    List<String> packs = new ArrayList<>();
    for (int i = 0; i < packCount; i++) {
      packs.add(HexFormat.of().formatHex(in.raw(Sha256.BYTES)));
    }
    in.zerosToEnd();
    return new MarkRecord(time, method, coverage, marks, blobs, packs, extension);
  }
}
