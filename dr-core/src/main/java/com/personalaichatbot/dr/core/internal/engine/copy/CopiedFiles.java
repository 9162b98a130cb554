package com.personalaichatbot.dr.core.internal.engine.copy;

import com.personalaichatbot.dr.core.internal.engine.Opening;
import com.personalaichatbot.dr.core.internal.engine.Session;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.index.Flaw;
import com.personalaichatbot.dr.core.operation.CopyReport;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Writes the files of a copy and counts them. Each is read back once it has its name. Thread-safe.
 */
final class CopiedFiles {
  private final Session session;
  private final Storage target;
  private final ConcurrentLinkedDeque<byte[]> buffers = new ConcurrentLinkedDeque<>();
  private final TreeMap<String, Damage> damages = new TreeMap<>();
  private int copied;
  private int mended;
  private long bytes;

  CopiedFiles(Session session, Storage target) {
    this.session = session;
    this.target = target;
  }

  CopyReport report(String head, Duration duration) {
    return new CopyReport(copied, mended, bytes, List.copyOf(damages.values()), head, duration);
  }

  synchronized void damaged(String name, Damage.Kind kind, String detail) {
    damages.put(name, new Damage(name, kind, detail, List.of(), List.of()));
  }

  private synchronized void count(boolean mending, long length) {
    copied += mending ? 0 : 1;
    mended += mending ? 1 : 0;
    bytes += length;
  }

  /** The length of a file of the copy, -1 if there is none. */
  long lengthAt(String name) throws IOException {
    try {
      return target.length(name);
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  /** Whether a small file of the copy has these bytes. */
  boolean holds(String name, byte[] expected) throws IOException {
    return lengthAt(name) == expected.length
        && Arrays.equals(Opening.read(target, name, expected.length), expected);
  }

  /** Puts a small file where there is none. */
  void put(String name, byte[] content) throws IOException {
    write(name, content, content.length, new byte[content.length]);
    count(false, content.length);
  }

  /** Puts a small file, in the place of one that is not what it should be. */
  void replace(String name, byte[] content) throws IOException {
    boolean mending = lengthAt(name) >= 0;
    if (mending) {
      target.delete(name);
    }
    write(name, content, content.length, new byte[content.length]);
    count(mending, content.length);
  }

  /** Copies a file that is named by its hash, unless the original's is not whole. */
  void copyHashed(String name, long length, boolean mending) throws IOException {
    if (length > Limits.MAX_PACK) {
      damaged(name, Damage.Kind.CORRUPT, "its length of " + length + " bytes cannot be");
      return;
    }
    byte[] content = buffer((int) length);
    byte[] back = buffer((int) length);
    try {
      int count;
      try {
        count = session.storage().read(name, 0, content, 0, (int) length);
      } catch (NoSuchFileException e) {
        damaged(name, Damage.Kind.MISSING, "it went away while it was copied");
        return;
      } catch (IOException e) {
        Flaw flaw = Flaw.unreadable(session.storage(), name, e);
        damaged(name, flaw.kind(), flaw.detail());
        return;
      }
      if (!isNamed(name, content, count)) {
        damaged(name, Damage.Kind.CORRUPT, "its bytes do not hash to its name");
        return;
      }
      if (mending) {
        target.delete(name);
      }
      write(name, content, count, back);
      count(mending, count);
    } finally {
      buffers.push(content);
      buffers.push(back);
    }
  }

  /** Reads a file that the copy has, and replaces it if it is not what it should be. */
  void mendHashed(String name, long length) throws IOException {
    byte[] there = buffer((int) length);
    try {
      if (isNamed(name, there, target.read(name, 0, there, 0, (int) length))) {
        return;
      }
    } catch (IOException e) {
      Flaw.unreadable(target, name, e);
    } finally {
      buffers.push(there);
    }
    copyHashed(name, length, true);
  }

  private static boolean isNamed(String name, byte[] content, int count) {
    String hash = HexFormat.of().formatHex(Sha256.of(content, 0, count));
    return name.endsWith("/" + hash);
  }

  private byte[] buffer(int length) {
    byte[] buffer = buffers.poll();
    return buffer == null || buffer.length < length ? new byte[Math.max(length, 1 << 16)] : buffer;
  }

  private void write(String name, byte[] content, int length, byte[] back) throws IOException {
    try (StorageWriter out = target.create()) {
      out.write(content, 0, length);
      out.commit(name);
    } catch (FileAlreadyExistsException e) {
      // Another run put it there meanwhile; it is read back as if it were ours.
    }
    int count = target.read(name, 0, back, 0, length);
    if (count != length
        || target.length(name) != length
        || !Arrays.equals(content, 0, length, back, 0, length)) {
      throw new CorruptRepositoryException(
          name,
          "it was written to " + target.location() + " and does not read back as it was written",
          "check that medium; the original is whole");
    }
  }
}
