package com.personalaichatbot.dr.core.internal.journal;

import com.personalaichatbot.dr.core.internal.format.BytesReader;
import com.personalaichatbot.dr.core.internal.format.BytesWriter;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The journal of one component's restore: an opening, then the changes in the order in which they
 * are made, and states between and after them.
 *
 * <p>A record is its length, its type, its bytes and a CRC-32C of these. A record that does not
 * check out ends the journal, as a crash may have torn it; that is safe because the state SWAPPING
 * is written only after all changes are forced, and nothing is exchanged before it is forced too.
 * Changes are kept on the disk, eight bytes for each in memory, and can be read in any order. Not
 * thread-safe.
 */
public final class Journal implements Closeable {
  private static final int OPENING = 1;
  private static final int CHANGE = 2;
  private static final int STATE = 3;
  private static final int FRAME = 4 + 1 + 4;
  private static final int MAX_RECORD = Limits.MAX_BLOB;
  private static final int FLUSH = 1 << 16;
  private static final int WINDOW = 1 << 16;

  private final Path file;
  private final FileChannel channel;
  private final BytesWriter unwritten = new BytesWriter(FLUSH + (FLUSH >> 2));
  private Opening opening;
  private JournalState state = JournalState.STAGING;
  private long[] offsets = new long[64];
  private int size;
  private long end;
  private ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
  private long windowStart;

  private Journal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Begins a journal in a file that does not exist yet. Nothing is forced. */
  public static Journal create(Path file, Opening opening, FileAttribute<?>... attributes)
      throws IOException {
    FileChannel channel = FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        attributes);
    Journal journal = new Journal(file, channel);
    journal.opening = opening;
    journal.write(OPENING, opening.encode());
    return journal;
  }

  /**
   * Opens a journal that is there, up to its last whole record.
   *
   * @throws MalformedException if not even its opening can be read
   */
  public static Journal open(Path file) throws IOException, MalformedException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      Journal journal = new Journal(file, channel);
      journal.load();
      return journal;
    } catch (IOException | MalformedException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private void load() throws IOException, MalformedException {
    long length = channel.size();
    while (end < length) {
      byte[] record = recordAt(end, length);
      if (record == null) {
        break;
      }
      byte[] content = Arrays.copyOfRange(record, 1, record.length);
      if ((record[0] == OPENING) != (end == 0)) {
        throw new MalformedException("the journal does not begin with an opening");
      }
      switch (record[0]) {
        case OPENING -> opening = Opening.decode(content);
        case CHANGE -> noteOffset(end);
        case STATE -> state = JournalState.of(new BytesReader(content).u8());
        default -> throw new MalformedException("journal record " + record[0] + " is unknown");
      }
      end += FRAME + content.length;
    }
    if (opening == null) {
      throw new MalformedException("the journal has no opening");
    }
  }

  /** Type and bytes of the record at this offset, null if it is not whole. */
  private byte[] recordAt(long offset, long length) throws IOException {
    if (length - offset < FRAME) {
      return null;
    }
    int count = window.getInt(fetch(offset, 4));
    if (count < 0 || count > MAX_RECORD || length - offset < (long) FRAME + count) {
      return null;
    }
    int from = fetch(offset, FRAME + count) + 4;
    int to = from + 1 + count;
    return checksum(window.array(), from, 1 + count) == window.getInt(to)
        ? Arrays.copyOfRange(window.array(), from, to)
        : null;
  }

  /**
   * Brings a stretch of the file into the window, and with it what was written near it, and says
   * where in the window it begins. Records never change, so what the window holds stays right.
   */
  private int fetch(long offset, int count) throws IOException {
    if (offset < windowStart || offset + count > windowStart + window.limit()) {
      // Changes are read from the first to the last, or for an undo the other way round.
      windowStart = offset < windowStart ? Math.max(0, offset - WINDOW / 2) : offset;
      int reach = (int) (offset - windowStart) + count;
      if (window.capacity() < reach) {
        window = ByteBuffer.allocate(reach);
      }
      window.clear();
      while (window.position() < reach) {
        if (channel.read(window, windowStart + window.position()) < 0) {
          window.limit(0);
          throw new IOException(file + " ends while it is read");
        }
      }
      window.flip();
    }
    return (int) (offset - windowStart);
  }

  private static int checksum(byte[] bytes, int offset, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, count);
    return (int) crc.getValue();
  }

  private void write(int type, byte[] content) throws IOException {
    unwritten.u32(content.length);
    int from = unwritten.length();
    unwritten.u8(type).raw(content);
    unwritten.u32(checksum(unwritten.array(), from, 1 + content.length));
    if (unwritten.length() >= FLUSH) {
      flush();
    }
  }

  private void flush() throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(unwritten.array(), 0, unwritten.length());
    while (buffer.hasRemaining()) {
      end += channel.write(buffer, end);
    }
    unwritten.clear();
  }

  private void noteOffset(long offset) {
    if (size == offsets.length) {
      offsets = Arrays.copyOf(offsets, size + (size >> 1));
    }
    offsets[size++] = offset;
  }

  /** Adds a change. */
  public void add(Change change) throws IOException {
    noteOffset(end + unwritten.length());
    write(CHANGE, change.encode());
  }

  /** Enters a state; it and all that was added before it are durable on return. */
  public void enter(JournalState next) throws IOException {
    flush();
    channel.force(true);
    write(STATE, new byte[] {(byte) next.ordinal()});
    flush();
    channel.force(true);
    state = next;
  }

  /** What it is about. */
  public Opening opening() {
    return opening;
  }

  /** How far it is. */
  public JournalState state() {
    return state;
  }

  /** How many changes there are. */
  public int size() {
    return size;
  }

  /** A change by its place in the order, from 0. */
  public Change get(int index) throws IOException {
    flush();
    byte[] record = recordAt(offsets[index], end);
    if (record == null) {
      throw new IOException(file + " was damaged while it was in use");
    }
    try {
      return Change.decode(Arrays.copyOfRange(record, 1, record.length));
    } catch (MalformedException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
