package com.personalaichatbot.dr.core.internal.archive;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.RawName;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads tar archives: ustar and pax (POSIX.1-2017, pax, "ustar Interchange Format"), and what GNU
 * tar adds for long names and big numbers.
 *
 * <p>Its own, beside Commons Compress, which writes ours, for two reasons. Names are bytes here:
 * Commons Compress decodes those of pax headers as UTF-8 and those of other headers as told, and
 * does not say which it was. And archives come from anybody: Commons Compress holds a name or pax
 * header in memory however long it says it is. What is ambiguous is refused, so that no two tools
 * see different things in an archive that was imported.
 */
final class TarReader implements ArchiveReader {
  static final int BLOCK = 512;

  private static final int MAX_PAX = 1 << 20;

  /** Headers that say something about the one entry behind them. */
  private static final int MAX_EXTENSIONS = 8;

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private final PaxHeader global = new PaxHeader();
  private String current = "";
  private long left;
  private int padding;
  private SparseMap sparse;

  TarReader(InputStream in) {
    this.in = in;
  }

  @Override
  public boolean isTar() {
    return true;
  }

  @Override
  public Optional<String> comment() {
    return Optional.ofNullable(global.comment());
  }

  @Override
  public ArchiveEntry next() throws IOException {
    skip(left + padding);
    left = 0;
    padding = 0;
    sparse = null;
    PaxHeader pax = new PaxHeader(global);
    byte[] longName = null;
    byte[] longTarget = null;
    for (int extensions = 0; extensions <= MAX_EXTENSIONS; extensions++) {
      readBlock();
      if (isZero(block)) {
        if (extensions > 0) {
          throw new BadArchiveException("a header at its end belongs to no entry");
        }
        readEnd();
        return null;
      }
      if (!isHeader(block)) {
        throw new BadArchiveException("the header behind entry '" + current + "' is damaged");
      }
      switch (block[156]) {
        case 'L' -> longName = cString(extension(Limits.MAX_PATH));
        case 'K' -> longTarget = cString(extension(Limits.MAX_PATH));
        case 'x' -> pax.add(extension(MAX_PAX));
        case 'g' -> {
          if (!pax.isEmpty()) {
            throw new BadArchiveException("a global header is between an entry and its own");
          }
          global.add(extension(MAX_PAX));
          if (global.path() != null
              || global.target() != null
              || global.size() >= 0
              || global.sparse() != null) {
            throw new BadArchiveException("its global header names or measures a single entry");
          }
          pax = new PaxHeader(global);
        }
        default -> {
          return entry(pax, longName, longTarget);
        }
      }
    }
    throw new BadArchiveException("the headers behind entry '" + current + "' do not end");
  }

  private ArchiveEntry entry(PaxHeader pax, byte[] longName, byte[] longTarget) throws IOException {
    byte[] path = pax.path() != null ? pax.path() : longName != null ? longName : name();
    if (pax.sparse() != null && pax.sparse().name() != null) {
      path = pax.sparse().name();
    }
    current = RawName.display(path);
    byte[] target = pax.target() != null
        ? pax.target()
        : longTarget != null ? longTarget : cString(Arrays.copyOfRange(block, 157, 257));
    long size = pax.size() >= 0 ? pax.size() : number(124, 12);
    ArchiveEntry.Type type = type(path);
    boolean file = type == ArchiveEntry.Type.FILE;
    requireLength(size, file);
    Attributes attributes = attributes(pax, size);
    left = size;
    padding = (int) (-size & (BLOCK - 1));
    if (pax.sparse() != null || block[156] == 'S') {
      sparse = sparse(pax.sparse(), file);
      attributes = attributes(pax, sparse.size());
    }
    boolean link = type == ArchiveEntry.Type.SYMLINK || type == ArchiveEntry.Type.HARD_LINK;
    return new ArchiveEntry(path, type, attributes, link ? target : null);
  }

  private void requireLength(long size, boolean file) throws BadArchiveException {
    if (size < 0 || size > Limits.MAX_FILE || (!file && size != 0)) {
      throw bad("has a length that cannot be");
    }
  }

  /** Reads where the content of a sparse file belongs; the header block still holds its header. */
  private SparseMap sparse(PaxSparse pax, boolean file) throws IOException {
    boolean gnu = block[156] == 'S';
    if (!file || (gnu && pax != null)) {
      throw bad("is described as a sparse file, and as something else");
    }
    long size = gnu ? number(483, 12) : pax.size();
    SparseMap map = gnu ? gnuMap() : pax.isMapInContent() ? mapInContent() : pax.map();
    requireLength(size, true);
    map.finish(size, left);
    return map;
  }

  /**
   * Reads the map of GNU tar's own format: four segments in the header, 21 in each block behind it,
   * as long as one more is announced.
   */
  private SparseMap gnuMap() throws IOException {
    if (block[262] != ' ') {
      throw bad("is a sparse file in the format of another tool than GNU tar, which is not read;"
          + " make the archive without sparse files");
    }
    SparseMap map = new SparseMap(current);
    boolean open = addSegments(map, block, 386, 4);
    byte[] more = {block[482]};
    while (more[more.length - 1] != 0) {
      if (!open) {
        throw bad("has segments behind its last one");
      }
      more = in.readNBytes(BLOCK);
      if (more.length < BLOCK) {
        throw cutShort();
      }
      open = addSegments(map, more, 0, 21);
      more = Arrays.copyOf(more, 505);
    }
    return map;
  }

  /** Adds segments until one is empty; returns whether none is. */
  private boolean addSegments(SparseMap map, byte[] from, int offset, int count)
      throws BadArchiveException {
    for (int at = offset; at < offset + 24 * count; at += 24) {
      if (from[at + 12] == 0) {
        return false;
      }
      map.add(number(from, at, 12), number(from, at + 12, 12));
    }
    return true;
  }

  /** Reads the map of form 1.0: numbers, each on a line, in whole blocks before the content. */
  private SparseMap mapInContent() throws IOException {
    SparseMap map = new SparseMap(current);
    ContentNumbers numbers = new ContentNumbers();
    for (long count = numbers.next(); count > 0; count--) {
      map.add(numbers.next(), numbers.next());
    }
    return map;
  }

  /** Numbers at the beginning of the current entry's content. */
  private final class ContentNumbers {
    private final byte[] bytes = new byte[BLOCK];
    private int at = BLOCK;

    long next() throws IOException {
      long number = 0;
      for (int digits = 0; ; digits++) {
        if (at == BLOCK) {
          if (left < BLOCK) {
            throw bad("has a map of segments that does not end");
          }
          stored(bytes, 0, BLOCK);
          at = 0;
        }
        byte digit = bytes[at++];
        if (digit == '\n' && digits > 0) {
          return number;
        }
        if (digit < '0' || digit > '9' || digits == 18) {
          throw bad("has a malformed map of segments");
        }
        number = number * 10 + digit - '0';
      }
    }
  }

  private ArchiveEntry.Type type(byte[] path) throws BadArchiveException {
    switch (block[156]) {
      case '0', '7', 'S', 0:
        // Before ustar, a slash at the end of its name was all that told a directory.
        return path.length > 0 && path[path.length - 1] == '/'
            ? ArchiveEntry.Type.DIRECTORY
            : ArchiveEntry.Type.FILE;
      case '1':
        return ArchiveEntry.Type.HARD_LINK;
      case '2':
        return ArchiveEntry.Type.SYMLINK;
      case '5':
        return ArchiveEntry.Type.DIRECTORY;
      case '3', '4':
        throw bad("is a device");
      case '6':
        throw bad("is a FIFO");
      default:
        throw bad("is of the unknown type " + (block[156] & 0xff));
    }
  }

  private Attributes attributes(PaxHeader pax, long size) throws BadArchiveException {
    long uid = pax.uid() >= 0 ? pax.uid() : number(108, 8);
    long gid = pax.gid() >= 0 ? pax.gid() : number(116, 8);
    if (uid >>> 32 != 0 || gid >>> 32 != 0) {
      throw bad("has an owner that cannot be");
    }
    long seconds = pax.hasTime() ? pax.seconds() : number(136, 12);
    return ArchiveEntry.attributes(
        (int) number(100, 8) & 07777, (int) uid, (int) gid, size, seconds, pax.nanos());
  }

  private byte[] name() {
    byte[] name = cString(Arrays.copyOfRange(block, 0, 100));
    boolean posix = block[257] == 'u' && block[262] == 0;
    byte[] prefix = posix ? cString(Arrays.copyOfRange(block, 345, 500)) : new byte[0];
    if (prefix.length == 0) {
      return name;
    }
    byte[] path = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
    path[prefix.length] = '/';
    System.arraycopy(name, 0, path, prefix.length + 1, name.length);
    return path;
  }

  /** A number in octal digits, or where its first bit is set in two's complement. */
  private long number(int offset, int length) throws BadArchiveException {
    return number(block, offset, length);
  }

  private long number(byte[] block, int offset, int length) throws BadArchiveException {
    if ((block[offset] & 0x80) != 0) {
      long value = (block[offset] & 0x40) != 0 ? -1 : 0;
      for (int i = offset; i < offset + length; i++) {
        int digit = i == offset ? block[i] & 0x7f | (value < 0 ? 0x80 : 0) : block[i] & 0xff;
        if (value >> 55 != value >> 63) {
          throw bad("has a number that is too big");
        }
        value = value << 8 | digit;
      }
      return value;
    }
    int from = offset;
    int to = offset + length;
    while (from < to && block[from] == ' ') {
      from++;
    }
    long value = 0;
    for (; from < to && block[from] != ' ' && block[from] != 0; from++) {
      if (block[from] < '0' || block[from] > '7') {
        throw bad("has a malformed number");
      }
      value = value << 3 | block[from] - '0';
    }
    return value;
  }

  private BadArchiveException bad(String problem) {
    return new BadArchiveException("entry '" + current + "' " + problem);
  }

  /** The content of the header at hand, which says something about the next one. */
  private byte[] extension(int most) throws IOException {
    long size = number(124, 12);
    if (size <= 0 || size > most) {
      throw new BadArchiveException("a header behind entry '" + current + "' is " + size
          + " bytes long; at most " + most + " are read");
    }
    byte[] content = in.readNBytes((int) size);
    if (content.length < size) {
      throw cutShort();
    }
    skip(-size & (BLOCK - 1));
    return content;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (sparse != null) {
      return sparse.read(this::stored, buffer, offset, length);
    }
    int wanted = (int) Math.min(length, left);
    stored(buffer, offset, wanted);
    return wanted;
  }

  private void stored(byte[] buffer, int offset, int length) throws IOException {
    if (in.readNBytes(buffer, offset, length) < length) {
      throw cutShort();
    }
    left -= length;
  }

  private void skip(long count) throws IOException {
    byte[] nowhere = new byte[(int) Math.min(count, 1 << 16)];
    for (long rest = count; rest > 0; ) {
      int skipped = in.readNBytes(nowhere, 0, (int) Math.min(rest, nowhere.length));
      if (skipped == 0) {
        throw cutShort();
      }
      rest -= skipped;
    }
  }

  private void readBlock() throws IOException {
    if (in.readNBytes(block, 0, BLOCK) < BLOCK) {
      throw cutShort();
    }
  }

  /** Reads what is behind the end mark: zeros, to the end, where the checksum is. */
  private void readEnd() throws IOException {
    while (in.readNBytes(block, 0, BLOCK) > 0) {
      if (!isZero(block)) {
        throw new BadArchiveException("it goes on behind its end mark");
      }
      Arrays.fill(block, (byte) 0);
    }
  }

  private BadArchiveException cutShort() {
    return new BadArchiveException(
        "it is cut short behind the beginning of entry '" + current + "'");
  }

  private static boolean isZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether a block is a header, by its checksum; that of an empty one does not hold. */
  static boolean isHeader(byte[] block) {
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < BLOCK; i++) {
      byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
      unsigned += b & 0xff;
      signed += b; // Some old tools summed so.
    }
    long recorded = 0;
    int at = 148;
    while (at < 156 && block[at] == ' ') {
      at++;
    }
    int first = at;
    for (; at < 156 && block[at] >= '0' && block[at] <= '7'; at++) {
      recorded = recorded << 3 | block[at] - '0';
    }
    return at > first && (recorded == unsigned || recorded == signed);
  }

  private static byte[] cString(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return Arrays.copyOf(bytes, end);
  }
}
