package com.personalaichatbot.dr.core.internal.archive;

import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.RawName;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads what the original application itself wrote and named {@code .tar.gz}: a stream of files,
 * each as {@code FILE:PATH\n}, {@code SIZE:BYTES\n} and its content, behind which old versions put
 * a line end. It has no modes, times or links.
 */
final class PlainStreamReader implements ArchiveReader {
  static final byte[] BEGIN = "FILE:".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] SIZE = "SIZE:".getBytes(StandardCharsets.US_ASCII);
  private static final int MODE = 0600;
  private static final int MAX_LINE = 1 << 13;

  private final BufferedInputStream in;
  private final Instant time;
  private String current = "";
  private long left;

  PlainStreamReader(BufferedInputStream in, Instant time) {
    this.in = in;
    this.time = time;
  }

  @Override
  public boolean isTar() {
    return false;
  }

  @Override
  public Optional<String> comment() {
    return Optional.empty();
  }

  @Override
  public ArchiveEntry next() throws IOException {
    byte[] nowhere = new byte[1 << 16];
    while (left > 0) {
      read(nowhere, 0, nowhere.length);
    }
    if (!isMore()) {
      return null;
    }
    byte[] path = line(BEGIN);
    current = RawName.display(path);
    String size = new String(line(SIZE), StandardCharsets.US_ASCII);
    if (!size.matches("[0-9]{1,18}") || Long.parseLong(size) > Limits.MAX_FILE) {
      throw new BadArchiveException("entry '" + current + "' has a length that cannot be");
    }
    left = Long.parseLong(size);
    return new ArchiveEntry(
        path,
        ArchiveEntry.Type.FILE,
        ArchiveEntry.attributes(MODE, 0, 0, left, time.getEpochSecond(), time.getNano()),
        null);
  }

  private boolean isMore() throws IOException {
    in.mark(1);
    int first = in.read();
    if (first == '\n' && !current.isEmpty()) {
      in.mark(1);
      first = in.read();
    }
    if (first < 0) {
      return false;
    }
    in.reset();
    return true;
  }

  /** The rest of a line that begins so. */
  private byte[] line(byte[] begin) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int at = 0; ; at++) {
      int next = in.read();
      if (next < 0) {
        throw cutShort();
      }
      if (at < begin.length ? next != begin[at] : at == MAX_LINE) {
        throw new BadArchiveException("what is behind entry '" + current + "' is no entry");
      }
      if (next == '\n') {
        return line.toByteArray();
      }
      if (at >= begin.length) {
        line.write(next);
      }
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int wanted = (int) Math.min(length, left);
    int count = in.readNBytes(buffer, offset, wanted);
    if (count < wanted) {
      throw cutShort();
    }
    left -= count;
    return count;
  }

  private BadArchiveException cutShort() {
    return new BadArchiveException(
        "it is cut short behind the beginning of entry '" + current + "'");
  }
}
