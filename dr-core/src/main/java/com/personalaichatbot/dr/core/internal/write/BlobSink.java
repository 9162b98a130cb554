package com.personalaichatbot.dr.core.internal.write;

import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.catalog.TreeWriter;
import com.personalaichatbot.dr.core.internal.chunk.Chunker;
import com.personalaichatbot.dr.core.internal.chunk.PageCutter;
import com.personalaichatbot.dr.core.internal.compress.Codec;
import com.personalaichatbot.dr.core.internal.compress.Compressor;
import com.personalaichatbot.dr.core.internal.compress.CorruptDataException;
import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.PackKind;
import com.personalaichatbot.dr.core.internal.format.RepositoryFormat;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.pack.PackWriter;
import com.personalaichatbot.dr.core.internal.read.BlobReaders;
import com.personalaichatbot.dr.core.internal.session.AppendedFiles;
import com.personalaichatbot.dr.core.internal.session.Pace;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.crypto.IdHasher;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Takes plaintext, gives ids: finds out what is stored already, compresses the rest and adds it to
 * a pack. It has what one worker needs and keeps it for the whole run: buffers, compressor, hashes,
 * and a pack of each kind. Not thread-safe.
 */
public final class BlobSink implements AutoCloseable {
  /** Small packs of trees, so that reading a tree does not take much else along. */
  public static final int TREE_PACK = 4 << 20;

  private final PackOutput output;
  private final Session session;
  private final BlobIndex index;
  private final Codec codec;
  private final IdHasher ids;
  private final Compressor compressor;
  private final Chunker chunker;
  private final TreeWriter trees;
  private final PackWriter data;
  private final PackWriter tree;
  private final byte[] buffer;
  private byte[] compressed = new byte[0];
  private byte[] checked = new byte[0];
  private long added;

  BlobSink(PackOutput output, Session session, BlobIndex index, Codec codec) {
    this.output = output;
    this.session = session;
    this.index = index;
    this.codec = codec;
    RepositoryFormat format = session.format();
    this.ids = session.seals().newIdHasher();
    this.compressor = new Compressor(codec);
    this.chunker = new Chunker(
        session.keys().gearTable(),
        session.keys().cutHash(),
        format.minChunk(),
        format.averageChunk(),
        format.maxChunk());
    this.trees = new TreeWriter(session.keys().newNameHasher());
    this.data = newPack(PackKind.DATA);
    this.tree = newPack(PackKind.TREE);
    this.buffer = newBuffer();
  }

  /** A buffer for the bytes of a file, twice as long as the chunker has to see. */
  byte[] newBuffer() {
    return new byte[2 * chunker.window()];
  }

  PackWriter newPack(PackKind kind) {
    RepositoryFormat format = session.format();
    int target = kind == PackKind.DATA ? format.packTarget() : TREE_PACK;
    return new PackWriter(session.seals(), kind, target, format.packBlobs());
  }

  public PackWriter pack(PackKind kind) {
    return kind == PackKind.DATA ? data : tree;
  }

  /** How fast the operation goes that this is of. */
  public Pace pace() {
    return session.pace();
  }

  /** The buffer for the files that this sink's borrower reads. */
  public byte[] buffer() {
    return buffer;
  }

  /** Files below this length are one blob each. */
  public int smallFile() {
    return session.format().minChunk();
  }

  Chunker chunker() {
    return chunker;
  }

  /** How to cut a file that begins with these bytes if it is a paged one. */
  Optional<PageCutter> pageCutter(byte[] bytes, int length) {
    return PageCutter.of(bytes, length, session.format().averageChunk());
  }

  /** What this process knows of append-only files. */
  public AppendedFiles appendedFiles() {
    return session.state().appendedFiles();
  }

  /**
   * The extents of a file before a position.
   *
   * @return null if they do not end there, or not all of them are still stored
   */
  public List<Extent> extentsBefore(long position, TreeEntry file) throws IOException {
    List<Extent> kept = new ArrayList<>();
    BlobReader reader = output.readers().take();
    try {
      long end = 0;
      for (Extent extent : new TreeReader(reader).extents(file)) {
        if (end == position) {
          break;
        }
        boolean isCut = extent.isHole() && end + extent.length() > position;
        Extent part = isCut ? Extent.hole(position - end) : extent;
        end += part.length();
        if (end > position || !part.isHole() && !isStored(part.blob())) {
          return null;
        }
        kept.add(part);
      }
      return kept;
    } catch (CorruptRepositoryException e) {
      return null;
    } finally {
      output.readers().giveBack(reader);
    }
  }

  /** Where the regions of a paged file go, which is {@code before} in the snapshot before. */
  PageStore pageStore(PageCutter cutter, TreeEntry before) throws IOException {
    BlobReaders readers = output.readers();
    return new PageStore(cutter, PagesBefore.of(before, cutter, readers), readers);
  }

  /** Bytes of plaintext stored again since the last call. */
  public long takeAdded() {
    long result = added;
    added = 0;
    return result;
  }

  /** The id of a blob. */
  public KeyedId id(BlobType type, byte[] bytes, int offset, int length) {
    return ids.id(type.code(), bytes, offset, length);
  }

  /** Whether a blob is stored. */
  boolean isStored(KeyedId id) {
    return index.contains(id);
  }

  /** Stores a blob unless it is stored already, and gives its id. */
  KeyedId store(BlobType type, byte[] bytes, int offset, int length, Dictionary dictionary)
      throws IOException {
    session.pace().check();
    KeyedId id = id(type, bytes, offset, length);
    if (index.claim(id)) {
      PackWriter pack = type == BlobType.DATA ? data : tree;
      put(pack, type, id, bytes, offset, length, dictionary);
      added += length;
      if (pack.isFull()) {
        output.write(pack);
      }
    }
    return id;
  }

  /** Stores the listing of one directory. */
  KeyedId writeDirectory(List<TreeEntry> entries) throws IOException {
    return trees.write(entries, node -> store(BlobType.TREE, node, 0, node.length, null));
  }

  /**
   * Compresses a blob, if that pays, makes sure that it decompresses again, and adds it to a pack.
   */
  void put(
      PackWriter pack,
      BlobType type,
      KeyedId id,
      byte[] bytes,
      int offset,
      int length,
      Dictionary dictionary)
      throws IOException {
    int room = Compressor.bound(length);
    if (compressed.length < room) {
      compressed = new byte[room];
      checked = new byte[room];
    }
    if (dictionary != null && output.trial().wantsNext()) {
      tryWithout(bytes, offset, length, dictionary);
    }
    int stored = compressor.compress(bytes, offset, length, dictionary, compressed, 0);
    if (stored < 0) {
      pack.add(type, id, bytes, offset, length, length, Codec.NONE.code(), null);
      return;
    }
    try {
      compressor.decompress(compressed, 0, stored, codec, dictionary, checked, 0, length);
    } catch (CorruptDataException e) {
      throw new IOException("a blob that was just compressed does not decompress", e);
    }
    if (!Arrays.equals(checked, 0, length, bytes, offset, offset + length)) {
      throw new IOException("a blob that was just compressed decompresses to something else");
    }
    pack.add(
        type,
        id,
        compressed,
        0,
        stored,
        length,
        codec.code(),
        dictionary == null ? null : dictionary.id());
  }

  private void tryWithout(byte[] bytes, int offset, int length, Dictionary dictionary) {
    int with = compressor.compress(bytes, offset, length, dictionary, compressed, 0);
    int without = compressor.compress(bytes, offset, length, null, compressed, 0);
    output.trial().take(with < 0 ? length : with, without < 0 ? length : without);
  }

  @Override
  public void close() {
    compressor.close();
  }
}
