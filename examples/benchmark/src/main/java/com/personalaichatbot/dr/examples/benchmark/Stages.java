package com.personalaichatbot.dr.examples.benchmark;

import com.personalaichatbot.dr.core.internal.chunk.Chunker;
import com.personalaichatbot.dr.core.internal.compress.Codec;
import com.personalaichatbot.dr.core.internal.compress.Compressor;
import com.personalaichatbot.dr.core.internal.compress.CorruptDataException;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.crypto.AuthenticationException;
import com.personalaichatbot.dr.crypto.IdHasher;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Sealer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The speed of each stage by itself, on one core, warm, over the chunks of a part of the data that
 * is held in memory.
 */
final class Stages {
  private static final long MOST = 128 << 20;
  private static final int PASSES = 4;
  private static final int PACK = 16 << 20;

  private final Path data;
  private final Path work;

  Stages(Path data, Path work) {
    this.data = data;
    this.work = work;
  }

  /** One pass of a stage over all chunks; gives the bytes that it took. */
  @FunctionalInterface
  private interface Pass {
    long run() throws IOException;
  }

  void print() throws IOException {
    System.out.println("| stage, one core | MB/s |\n|---|---:|");
    List<Path> files = part(SampleData.files(data));
    try (RootKey root = RootKey.generate(new SecureRandom());
        RepositoryKeys keys = root.derive(new byte[16], Limits.SUITE, Limits.EPOCH);
        Compressor compressor = new Compressor(Codec.ZSTD);
        Sealer sealer = keys.data().newSealer(new byte[32], "benchmark")) {
      List<byte[]> contents = new ArrayList<>();
      print("read files", () -> read(files, contents));
      Chunker chunker = new Chunker(
          keys.gearTable(),
          keys.cutHash(),
          Chunker.DEFAULT_MIN,
          Chunker.DEFAULT_AVG,
          Chunker.DEFAULT_MAX);
      List<byte[]> chunks = new ArrayList<>();
      print("cut (content-defined)", () -> cut(contents, chunker, chunks));
      IdHasher ids = keys.newIdHasher();
      print("id (HMAC-SHA-256)", () -> {
        chunks.forEach(chunk -> ids.id(BlobType.DATA.code(), chunk));
        return bytes(chunks);
      });
      List<byte[]> stored = new ArrayList<>();
      print("compress (zstd 3, no dictionary)", () -> compress(chunks, compressor, stored));
      print("decompress", () -> decompress(chunks, compressor, stored));
      byte[] sealed = new byte[Chunker.DEFAULT_MAX + Sealer.OVERHEAD];
      byte[] opened = new byte[Chunker.DEFAULT_MAX];
      print("seal (SHA-256, AES-256-GCM)", () -> {
        for (int i = 0; i < stored.size(); i++) {
          sealer.seal(i, new byte[128], stored.get(i), 0, stored.get(i).length, sealed, 0);
        }
        return bytes(stored);
      });
      print("seal and open again", () -> sealAndOpen(sealer, stored, sealed, opened));
      print("write packs (SHA-256, force, link)", () -> write(stored));
    }
    System.out.println();
  }

  /** Files spread evenly over all, up to what is held in memory. */
  private static List<Path> part(List<Path> files) throws IOException {
    long total = 0;
    for (Path file : files) {
      total += Files.size(file);
    }
    List<Path> part = new ArrayList<>();
    double step = Math.max(1, (double) total / MOST);
    for (double at = 0; at < files.size(); at += step) {
      part.add(files.get((int) at));
    }
    return part;
  }

  private static void print(String stage, Pass pass) throws IOException {
    double best = 0;
    for (int i = 0; i < PASSES; i++) {
      long begun = System.nanoTime();
      long bytes = pass.run();
      best = Math.max(best, bytes * 1e3 / (System.nanoTime() - begun));
    }
    System.out.printf("| %s | %,.0f |%n", stage, best);
  }

  private static long read(List<Path> files, List<byte[]> contents) throws IOException {
    contents.clear();
    for (Path file : files) {
      contents.add(Files.readAllBytes(file));
    }
    return bytes(contents);
  }

  private static long cut(List<byte[]> contents, Chunker chunker, List<byte[]> chunks) {
    chunks.clear();
    for (byte[] content : contents) {
      for (int at = 0; at < content.length; ) {
        int piece = content.length < Chunker.DEFAULT_MIN
            ? content.length
            : chunker.next(content, at, content.length - at, true);
        if (piece > 0) {
          chunks.add(java.util.Arrays.copyOfRange(content, at, at + piece));
        }
        at += Math.abs(piece);
      }
    }
    return bytes(chunks);
  }

  private static long compress(List<byte[]> chunks, Compressor compressor, List<byte[]> stored) {
    stored.clear();
    byte[] out = new byte[Compressor.bound(Chunker.DEFAULT_MAX)];
    for (byte[] chunk : chunks) {
      int length = compressor.compress(chunk, 0, chunk.length, null, out, 0);
      stored.add(length < 0 ? chunk : java.util.Arrays.copyOf(out, length));
    }
    return bytes(chunks);
  }

  private static long decompress(List<byte[]> chunks, Compressor compressor, List<byte[]> stored)
      throws IOException {
    byte[] out = new byte[Chunker.DEFAULT_MAX];
    try {
      for (int i = 0; i < chunks.size(); i++) {
        byte[] one = stored.get(i);
        int length = chunks.get(i).length;
        Codec codec = one.length == length ? Codec.NONE : Codec.ZSTD;
        compressor.decompress(one, 0, one.length, codec, null, out, 0, length);
      }
    } catch (CorruptDataException e) {
      throw new IOException(e);
    }
    return bytes(chunks);
  }

  private static long sealAndOpen(Sealer sealer, List<byte[]> stored, byte[] sealed, byte[] opened)
      throws IOException {
    byte[] bound = new byte[128];
    try {
      for (int i = 0; i < stored.size(); i++) {
        byte[] one = stored.get(i);
        long tail = sealer.seal(i, bound, one, 0, one.length, sealed, 0);
        sealer.open(i, tail, bound, sealed, 0, one.length + Sealer.OVERHEAD, opened, 0);
      }
    } catch (AuthenticationException e) {
      throw new IOException(e);
    }
    return bytes(stored);
  }

  private long write(List<byte[]> stored) throws IOException {
    Path directory = Files.createTempDirectory(work, "stage");
    try (Storage storage = LocalStorage.at(directory)) {
      java.security.MessageDigest digest = Sha256.newDigest();
      for (int next = 0, pack = 0; next < stored.size(); pack++) {
        try (StorageWriter out = storage.create()) {
          for (; next < stored.size() && out.length() < PACK; next++) {
            byte[] one = stored.get(next);
            out.write(one, 0, one.length);
            digest.update(one);
          }
          out.commit("packs/" + pack + HexFormat.of().formatHex(digest.digest()));
        }
      }
      storage.sync("packs");
    }
    return bytes(stored);
  }

  private static long bytes(List<byte[]> parts) {
    long bytes = 0;
    for (byte[] part : parts) {
      bytes += part.length;
    }
    return bytes;
  }
}
