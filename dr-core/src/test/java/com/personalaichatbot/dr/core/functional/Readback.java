package com.personalaichatbot.dr.core.functional;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Content;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.index.Dictionaries;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.opening.RepositoryOpener;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.crypto.KeyedId;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads all files of all snapshots by the stages alone, without the engine. What cannot be read
 * appears as {@link #LOST}.
 */
final class Readback {
  static final String LOST = "lost";

  private final TreeReader trees;
  private final BlobReader blobs;
  private final Map<String, String> files = new TreeMap<>();

  private Readback(BlobReader blobs) {
    this.blobs = blobs;
    this.trees = new TreeReader(blobs);
  }

  /** Of each file, by position of its snapshot, component and path: the SHA-256 of its bytes. */
  static Map<String, String> of(Storage storage, RootKey root) throws IOException {
    SecureRandom random = new SecureRandom();
    RepositoryOpener.Opened opened =
        new RepositoryOpener(storage, random, Clock.systemUTC()).open(root);
    try (RepositoryKeys keys = opened.keys();
        Dictionaries dictionaries = new Dictionaries()) {
      Seals seals = new Seals(opened.format().repositoryId(), keys, random);
      History history = new Catalog(storage, seals, seals.newBytes16()).read();
      IndexLoader.Loaded loaded = new IndexLoader(storage, seals).loadReadable(Set.of());
      try (BlobReader blobs = new BlobReader(storage, seals, loaded.index(), dictionaries)) {
        Readback readback = new Readback(blobs);
        for (CatalogEntry entry : history.snapshots()) {
          readback.directory(entry.position() + ":", entry.snapshot().root());
        }
        return readback.files;
      }
    }
  }

  private void directory(String path, KeyedId node) throws IOException {
    try {
      TreeReader.Cursor cursor = trees.open(node);
      for (TreeEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
        String name = path + RawName.display(entry.name());
        if (entry.type() == EntryType.DIRECTORY) {
          directory(name + "/", entry.directory());
        } else if (entry.type() == EntryType.FILE) {
          files.put(name, file(entry));
        }
      }
    } catch (CorruptRepositoryException e) {
      files.put(path, LOST);
    }
  }

  private String file(TreeEntry entry) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    // A paged file takes pages out of the same blobs again and again.
    Map<KeyedId, byte[]> read = new HashMap<>();
    try {
      for (Extent extent : trees.extents(entry)) {
        if (extent.isHole()) {
          digest.update(new byte[Math.toIntExact(extent.length())]);
        } else {
          byte[] blob = read.get(extent.blob());
          if (blob == null) {
            blob = blobs.read(extent.blob(), BlobType.DATA);
            read.put(extent.blob(), blob);
          }
          digest.update(
              Arrays.copyOfRange(blob, extent.offset(), extent.offset() + (int) extent.length()));
        }
      }
    } catch (CorruptRepositoryException e) {
      return LOST;
    }
    String hash = HexFormat.of().formatHex(digest.digest());
    Content content = entry.content();
    if (!content.sha256().isEmpty() && !content.sha256().equals(hash)) {
      throw new AssertionError("wrong bytes left the reader");
    }
    return hash;
  }
}
