package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Section A of a PRUNE entry: all that remains true of the history before it. The entries below it
 * that it lists are live, the others may be deleted; what marks and key entries among them said is
 * repeated here.
 *
 * @param time when a prune last ran under a clock that was believed; usually of this one
 * @param live entries below that stay
 * @param standings what is known of the snapshots that stay
 * @param slots the live key slots
 * @param damagedBlobs ids that no undamaged place held
 * @param damagedPacks packs that are not what they were written as, and are not condemned
 * @param removed snapshots that went with this entry
 * @param condemned packs that may be deleted once this entry is durable, and are never relied on
 *     again
 * @param since position of the first of {@code hashes}
 * @param hashes of all entries from the last PRUNE on, so that a client finds again what it
 *     remembers
 * @param extension parts that were added to the format later
 */
public record PruneRecord(
    Instant time,
    List<Live> live,
    List<SnapshotMarks> standings,
    List<Bytes16> slots,
    List<KeyedId> damagedBlobs,
    List<String> damagedPacks,
    List<Removed> removed,
    List<String> condemned,
    long since,
    List<EntryFile.Hash> hashes,
    Extension extension) {

  /** Keeps copies. */
  public PruneRecord {
    live = List.copyOf(live);
    standings = List.copyOf(standings);
    slots = List.copyOf(slots);
    damagedBlobs = List.copyOf(damagedBlobs);
    damagedPacks = List.copyOf(damagedPacks);
    removed = List.copyOf(removed);
    condemned = List.copyOf(condemned);
    hashes = List.copyOf(hashes);
  }

  /** An entry that stays. */
  public record Live(long position, EntryFile.Hash hash) {}

  /**
   * The sum of the marks on a snapshot; see {@link MarkRecord} for the values.
   *
   * @param accepted whether what a SHRUNK snapshot lacks is meant to be gone
   * @param removal its removal from the list, which can be taken back; or null
   */
  public record SnapshotMarks(
      Bytes16 snapshot,
      int trust,
      boolean held,
      long heldUntil,
      boolean accepted,
      Removal removal) {}

  /**
   * A removal that can be taken back.
   *
   * @param time of the entry that removed the snapshot, from which its grace counts;
   *     {@link #NOT_BEGUN} while no writer had a clock that could be believed
   * @param position of that entry
   * @param reasons why, in words that retention knows
   */
  public record Removal(Instant time, long position, String reasons) {
    /** The last second of the year 9999. */
    public static final Instant NOT_BEGUN = Instant.ofEpochSecond(253_402_300_799L);

    /** Whether the grace has a beginning. */
    public boolean hasBegun() {
      return time.isBefore(NOT_BEGUN);
    }
  }

  /**
   * A snapshot that went.
   *
   * @param reasons why, in words that retention knows
   * @param extension what stays known of it; no name in clear, for this is section A
   */
  public record Removed(Bytes16 snapshot, long position, String reasons, Extension extension) {}

  /** The text to seal. */
  public byte[] encode() {
    BytesWriter out = extension.begin(EntryKind.PRUNE);
    Times.write(out, time);
    out.varint(live.size());
    live.forEach(entry -> out.varint(entry.position).raw(entry.hash.toBytes()));
    out.varint(standings.size());
    for (SnapshotMarks standing : standings) {
      out.raw(standing.snapshot.toBytes()).u8(standing.trust).u8(standing.held ? 1 : 0);
      out.signed(standing.heldUntil).u8(standing.accepted ? 1 : 0);
      out.u8(standing.removal == null ? 0 : 1);
      if (standing.removal != null) {
        Times.write(out, standing.removal.time);
        out.varint(standing.removal.position).text(standing.removal.reasons);
      }
    }
    out.varint(slots.size());
    slots.forEach(slot -> out.raw(slot.toBytes()));
    out.varint(damagedBlobs.size());
    damagedBlobs.forEach(out::id);
    writeNames(out, damagedPacks);
    out.varint(removed.size());
    for (Removed one : removed) {
      out.raw(one.snapshot.toBytes()).varint(one.position).text(one.reasons);
      out.block(one.extension.encode());
    }
    writeNames(out, condemned);
    out.varint(since).varint(hashes.size());
    hashes.forEach(hash -> out.raw(hash.toBytes()));
    return Extension.pad(out);
  }

  private static void writeNames(BytesWriter out, List<String> names) {
    out.varint(names.size());
    names.forEach(name -> out.raw(HexFormat.of().parseHex(name)));
  }

  /** Reads section A behind its kind. */
  public static PruneRecord decode(BytesReader in)
      throws MalformedException, UnknownVersionException {
    Extension extension = Extension.read(in);
    Instant time = Times.read(in);
    List<Live> live = new ArrayList<>();
    for (int left = in.varint(Limits.MAX_ENTRY); left > 0; left--) {
      live.add(new Live(in.varint(Long.MAX_VALUE), EntryFile.Hash.of(in.raw(Sha256.BYTES))));
    }
    List<SnapshotMarks> standings = new ArrayList<>();
    for (int left = in.varint(Limits.MAX_ENTRY); left > 0; left--) {
      standings.add(standing(in));
    }
    List<Bytes16> slots = new ArrayList<>();
    for (int left = in.varint(Limits.MAX_LIST); left > 0; left--) {
      slots.add(Bytes16.of(in.raw(Bytes16.BYTES)));
    }
    List<KeyedId> blobs = new ArrayList<>();
    for (int left = in.varint(Limits.MAX_ENTRY); left > 0; left--) {
      blobs.add(in.id());
    }
    List<String> damagedPacks = readNames(in);
    List<Removed> removed = new ArrayList<>();
    for (int left = in.varint(Limits.MAX_ENTRY); left > 0; left--) {
      Bytes16 snapshot = Bytes16.of(in.raw(Bytes16.BYTES));
      long position = in.varint(Long.MAX_VALUE);
      String reasons = in.text(SnapshotRecord.MAX_TEXT);
      removed.add(new Removed(snapshot, position, reasons, Extension.read(in)));
    }
    List<String> condemned = readNames(in);
    long since = in.varint(Long.MAX_VALUE);
    List<EntryFile.Hash> hashes = new ArrayList<>();
    for (int left = in.varint(Limits.MAX_ENTRY); left > 0; left--) {
      hashes.add(EntryFile.Hash.of(in.raw(Sha256.BYTES)));
    }
    in.zerosToEnd();
    return new PruneRecord(
        time,
        live,
        standings,
        slots,
        blobs,
        damagedPacks,
        removed,
        condemned,
        since,
        hashes,
        extension);
  }

  private static SnapshotMarks standing(BytesReader in)
      throws MalformedException, UnknownVersionException {
    Bytes16 snapshot = Bytes16.of(in.raw(Bytes16.BYTES));
    int trust = in.u8();
    if (trust > MarkRecord.SUSPECT) {
      throw new UnknownVersionException("trust " + trust);
    }
    boolean held = in.flag();
    long heldUntil = in.signed();
    boolean accepted = in.flag();
    Removal removal = in.flag()
        ? new Removal(Times.read(in), in.varint(Long.MAX_VALUE), in.text(SnapshotRecord.MAX_TEXT))
        : null;
    return new SnapshotMarks(snapshot, trust, held, heldUntil, accepted, removal);
  }

  private static List<String> readNames(BytesReader in) throws MalformedException {
    List<String> names = new ArrayList<>();
    for (int left = in.varint(Limits.MAX_ENTRY); left > 0; left--) {
      names.add(HexFormat.of().formatHex(in.raw(Sha256.BYTES)));
    }
    return names;
  }
}
