package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.crypto.DamagedSlotException;
import com.personalaichatbot.dr.crypto.KeySlot;
import com.personalaichatbot.dr.crypto.UnsupportedSlotException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fuzz targets: the decoders of what lies in a repository. What is decoded is encoded, decoded and
 * encoded again, to the same bytes.
 */
public final class FormatTargets {
  private static final Bytes16 REPOSITORY = Bytes16.of(new byte[Bytes16.BYTES]);

  private FormatTargets() {}

  /** Decodes and encodes. */
  @FunctionalInterface
  private interface RoundTrip {
    byte[] of(byte[] input) throws MalformedException, UnknownVersionException;
  }

  private static void check(byte[] input, RoundTrip roundTrip) {
    byte[] first;
    try {
      first = roundTrip.of(input);
    } catch (MalformedException | UnknownVersionException expected) {
      return;
    }
    try {
      if (!Arrays.equals(first, roundTrip.of(first))) {
        throw new AssertionError("what was decoded is encoded differently");
      }
    } catch (MalformedException | UnknownVersionException e) {
      throw new AssertionError("what was encoded is malformed", e);
    }
  }

  /** A node of a tree. */
  public static void treeNode(byte[] input) {
    check(input, bytes -> {
      TreeNode node = TreeNode.decode(bytes);
      return node.level() == 1
          ? TreeNode.encodeLeaf(node.entries())
          : TreeNode.encodeInner(node.level(), node.children());
    });
  }

  /** A map of a large file. */
  public static void contentMap(byte[] input) {
    check(input, bytes -> {
      List<Extent> map = Content.decodeMap(bytes);
      BytesWriter out = new BytesWriter(64).varint(map.size());
      map.forEach(extent -> extent.encode(out));
      return out.toBytes();
    });
  }

  /** What a pack says of its blobs. */
  public static void packContents(byte[] input) {
    check(input, bytes -> {
      BytesReader in = new BytesReader(bytes);
      PackContents contents = PackContents.decode(in);
      in.end();
      BytesWriter out = new BytesWriter(64);
      contents.encode(out);
      return out.toBytes();
    });
  }

  /** The header of a pack. */
  public static void packHeader(byte[] input) {
    try {
      PackHeader.parse(input, REPOSITORY);
    } catch (MalformedException expected) {
      // Refused.
    }
  }

  /** The packs of an index. */
  public static void index(byte[] input) {
    check(input, bytes -> {
      List<IndexedPack> packs = new ArrayList<>();
      IndexFile.Packs in = new IndexFile.Packs(bytes, REPOSITORY);
      for (IndexedPack pack; (pack = in.next()) != null; ) {
        packs.add(pack);
      }
      return IndexFile.encode(packs);
    });
  }

  /** The record of a mark. */
  public static void mark(byte[] input) {
    check(input, bytes -> behindKind(MarkRecord.decode(new BytesReader(bytes)).encode()));
  }

  /** The record of a prune. */
  public static void prune(byte[] input) {
    check(input, bytes -> behindKind(PruneRecord.decode(new BytesReader(bytes)).encode()));
  }

  /** The record of a change of slots. */
  public static void slots(byte[] input) {
    for (EntryKind kind : EntryKind.values()) {
      check(
          input,
          bytes -> behindKind(SlotsRecord.decode(kind, new BytesReader(bytes)).encode()));
    }
  }

  /** The record of excludes. */
  public static void excludes(byte[] input) {
    check(input, bytes -> ExcludesRecord.decode(bytes).encode());
  }

  /** The record of statistics. */
  public static void figures(byte[] input) {
    check(input, bytes -> FiguresRecord.decode(bytes).encode());
  }

  /** The record of a snapshot, both sections in one input. */
  public static void snapshot(byte[] input) {
    check(input, bytes -> {
      BytesReader in = new BytesReader(bytes);
      byte[] a = in.block(Limits.MAX_ENTRY);
      byte[] b = in.raw(in.remaining());
      SnapshotRecord record = SnapshotRecord.decode(new BytesReader(a), new BytesReader(b));
      return new BytesWriter(64)
          .block(behindKind(record.encodeA()))
          .raw(record.encodeB())
          .toBytes();
    });
  }

  /** The record of a snapshot in a blob. */
  public static void recordBlob(byte[] input) {
    check(input, bytes -> {
      SnapshotRecord.Recorded recorded = SnapshotRecord.decodeBlob(bytes);
      return recorded.snapshot().encodeBlob(recorded.id());
    });
  }

  /** A block of extensions. */
  public static void extension(byte[] input) {
    check(input, bytes -> Extension.decode(bytes).encode());
  }

  /** A section A without its first byte, which its decoder does not read. */
  private static byte[] behindKind(byte[] section) {
    return Arrays.copyOfRange(section, 1, section.length);
  }

  /** The file of an entry; its checksum is made to fit. */
  public static void entryFile(byte[] input) {
    EntryFile.frontPosition(input, REPOSITORY, Sha256::of);
    EntryFile.endPosition(input, REPOSITORY, Sha256::of);
    for (byte[] file : List.of(input, withHash(input))) {
      try {
        EntryFile.parse(file, REPOSITORY, Sha256::of);
      } catch (MalformedException expected) {
        // Refused.
      }
    }
  }

  /** The file FORMAT; its checksum is made to fit. */
  public static void repositoryFormat(byte[] input) {
    for (byte[] file : List.of(input, withHash(input))) {
      try {
        RepositoryFormat.parse(file);
      } catch (MalformedException | UnknownVersionException expected) {
        // Refused.
      }
    }
  }

  private static byte[] withHash(byte[] input) {
    byte[] file = Arrays.copyOf(input, input.length + Sha256.BYTES);
    System.arraycopy(Sha256.of(input), 0, file, input.length, Sha256.BYTES);
    return file;
  }

  /** A key slot; its checksum is made to fit. */
  public static void keySlot(byte[] input) {
    for (byte[] file : List.of(input, withHash(input))) {
      try {
        KeySlot.parse(file);
      } catch (DamagedSlotException | UnsupportedSlotException expected) {
        // Refused.
      }
    }
  }
}
