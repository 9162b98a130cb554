package com.personalaichatbot.dr.core.internal.journal;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.BytesReader;
import com.personalaichatbot.dr.core.internal.format.BytesWriter;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.store.DurableFile;
import com.personalaichatbot.dr.crypto.Sealer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The journal of one component's restore: an opening with the place that it belongs into, the
 * changes in the order in which they are made, then the set that they are part of, and states.
 *
 * <p>Every record is sealed under the key of the restore, and bound to repository, restore,
 * component and its number. A file whose opening does not authenticate is not ours: the opening is
 * forced before the file gets its name. A later record that does not authenticate ends the journal,
 * as a crash may have torn it, unless an authentic one follows, which proves damage. That is safe
 * because a state is written only after all records before it are forced, and nothing is exchanged
 * before it is forced too. Changes are kept on the disk, eight bytes for each in memory, and can be
 * read in any order. Not thread-safe.
 */
public final class Journal implements Closeable {
  private static final int OPENING = 1;
  private static final int CHANGE = 2;
  private static final int STATE = 3;
  private static final int PLACE = 4;
  private static final int SET = 5;
  private static final int FRAME = 4 + JournalSeal.TAIL;
  private static final int MAX_RECORD = Limits.MAX_BLOB;
  private static final int MAX_SET = 10_000;
  private static final int FLUSH = 1 << 16;
  private static final int WINDOW = 1 << 16;

  /** The changes follow the opening and the place. */
  private static final int FIRST_CHANGE = 2;

  private final Path file;
  private final FileChannel channel;
  private final JournalSeal seal;
  private final BytesWriter unwritten = new BytesWriter(FLUSH + (FLUSH >> 2));
  private JournalHeader opening;
  private RunPlace place;
  private List<byte[]> set = List.of();
  private JournalState state = JournalState.STAGING;
  private long[] offsets = new long[64];
  private int size;
  private int records;
  private long end;
  private boolean torn;
  private ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
  private long windowStart;

  private Journal(Path file, FileChannel channel, JournalSeal seal) {
    this.file = file;
    this.channel = channel;
    this.seal = seal;
  }

  /** Returns the file that a journal is written to until its opening is forced. */
  public static Path unfinished(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }

  /**
   * Begins a journal in a new file, forced, under the name of {@link #unfinished}. The caller gives
   * it its name.
   */
  public static Journal create(
      Path file,
      JournalHeader opening,
      RunPlace place,
      RestoreKey key,
      FileAttribute<?>... attributes)
      throws IOException {
    FileChannel channel = FileChannel.open(
        unfinished(file),
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        attributes);
    Journal journal = new Journal(file, channel, JournalSeal.create(opening, key));
    try {
      journal.opening = opening;
      journal.unwritten.raw(journal.seal.header());
      journal.write(OPENING, opening.encode());
      journal.writePlace(place);
      journal.flush();
      journal.force();
      return journal;
    } catch (IOException | RuntimeException | Error e) {
      journal.close();
      throw e;
    }
  }

  /** Finds the key of a restore. */
  @FunctionalInterface
  public interface Keys {
    /**
     * Returns the 32 bytes.
     *
     * @param wrapped the key as {@link RestoreKey#wrapped} gave it, or whatever somebody put there
     * @throws MalformedException if there is not one that fits
     */
    byte[] find(Bytes16 repository, Bytes16 restore, byte[] wrapped)
        throws IOException, MalformedException;
  }

  /**
   * Opens a journal that is there, up to its last whole record.
   *
   * @param channel its file, open to read and write; closed with the journal, or if this fails
   * @throws MalformedException if it is not authentic, or damaged
   */
  public static Journal open(Path file, FileChannel channel, String component, Keys keys)
      throws IOException, MalformedException {
    JournalSeal seal = null;
    try {
      JournalSeal.Header header = header(file, channel);
      byte[] key = keys.find(header.repository(), header.restore(), header.wrapped());
      try {
        seal = JournalSeal.open(header, component, key);
      } finally {
        Arrays.fill(key, (byte) 0);
      }
      Journal journal = new Journal(file, channel, seal);
      journal.end = header.bytes().length;
      journal.load(header, component);
      return journal;
    } catch (IOException | MalformedException | RuntimeException | Error e) {
      if (seal != null) {
        seal.close();
      }
      channel.close();
      throw e;
    }
  }

  private static JournalSeal.Header header(Path file, FileChannel channel)
      throws IOException, MalformedException {
    try {
      return JournalSeal.Header.read(channel);
    } catch (IOException e) {
      throw named(file, e);
    }
  }

  private void load(JournalSeal.Header header, String component)
      throws IOException, MalformedException {
    long length = channel.size();
    while (end < length) {
      int count = lengthAt(end, length);
      byte[] record = count < 0 ? null : recordAt(end, count, records);
      if (record == null) {
        requireTorn(count, length);
        break;
      }
      take(header, record);
      end += FRAME + count;
      records++;
    }
    if (records < FIRST_CHANGE) {
      throw new MalformedException("it does not authenticate");
    }
    if (!opening.component().equals(component)) {
      throw new MalformedException("it is of another component");
    }
  }

  private void take(JournalSeal.Header header, byte[] record) throws MalformedException {
    BytesReader in = new BytesReader(record);
    int type = in.u8();
    if ((type == OPENING) != (records == 0) || records == 1 && type != PLACE) {
      throw new MalformedException("it does not begin with an opening");
    }
    switch (type) {
      case OPENING -> opening = JournalHeader.decode(header.repository(), header.restore(), in);
      case CHANGE -> noteOffset(end);
      case STATE -> state = JournalState.of(in.u8());
      case PLACE -> place = RunPlace.decode(in);
      case SET -> set = decodeSet(in);
      default -> throw new MalformedException("journal record " + type + " is unknown");
    }
    if (type == CHANGE && records != FIRST_CHANGE + size - 1) {
      throw new MalformedException("a change follows a state");
    }
  }

  /** A crash tears the end of a journal and nothing before it. */
  private void requireTorn(int count, long length) throws IOException, MalformedException {
    torn = true;
    if (count >= 0 && records >= FIRST_CHANGE) {
      long next = end + FRAME + count;
      int nextCount = lengthAt(next, length);
      if (nextCount >= 0 && recordAt(next, nextCount, records + 1) != null) {
        throw new MalformedException("record " + records + " of it is damaged");
      }
    }
  }

  /** Length of what is sealed at this offset, -1 if it is not all there. */
  private int lengthAt(long offset, long length) throws IOException {
    if (length - offset < FRAME) {
      return -1;
    }
    int count = window.getInt(fetch(offset, 4));
    boolean possible = count > Sealer.OVERHEAD && count <= MAX_RECORD + 1 + Sealer.OVERHEAD;
    return possible && length - offset >= (long) FRAME + count ? count : -1;
  }

  /** Type and bytes of a record, null if it does not authenticate. */
  private byte[] recordAt(long offset, int count, int number) throws IOException {
    int from = fetch(offset, FRAME + count);
    return seal.open(number, window.getLong(from + 4), window.array(), from + FRAME, count);
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
        if (read() < 0) {
          window.limit(0);
          throw named(file, new IOException("it ends while it is read"));
        }
      }
      window.flip();
    }
    return (int) (offset - windowStart);
  }

  private int read() throws IOException {
    try {
      return channel.read(window, windowStart + window.position());
    } catch (IOException e) {
      window.limit(0);
      throw named(file, e);
    }
  }

  private void write(int type, byte[] content) throws IOException {
    byte[] plain = new byte[1 + content.length];
    plain[0] = (byte) type;
    System.arraycopy(content, 0, plain, 1, content.length);
    seal.seal(records++, plain, unwritten);
    if (unwritten.length() >= FLUSH) {
      flush();
    }
  }

  private void flush() throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(unwritten.array(), 0, unwritten.length());
    try {
      if (torn) {
        channel.truncate(end);
        torn = false;
      }
      while (buffer.hasRemaining()) {
        channel.write(buffer, end + buffer.position());
      }
    } catch (IOException e) {
      throw named(file, e);
    }
    end += buffer.limit();
    unwritten.clear();
  }

  private void force() throws IOException {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw named(file, e);
    }
  }

  /** Returns a failure that names the file, which may be reached through an open directory. */
  private static IOException named(Path file, IOException e) {
    Path shown = file;
    try {
      shown = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
    } catch (IOException unknown) {
      e.addSuppressed(unknown);
    }
    return DurableFile.naming(shown, e);
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

  /** Notes which places are one unit, the one that decides first; durable with the next state. */
  public void unite(List<byte[]> places) throws IOException {
    BytesWriter out = new BytesWriter().varint(places.size());
    places.forEach(out::block);
    write(SET, out.toBytes());
    set = List.copyOf(places);
  }

  private static List<byte[]> decodeSet(BytesReader in) throws MalformedException {
    List<byte[]> places = new ArrayList<>();
    int count = in.varint(MAX_SET);
    for (int i = 0; i < count; i++) {
      places.add(in.block(Limits.MAX_PATH));
    }
    in.end();
    return places;
  }

  /** Notes that the journal belongs into this directory from now on; durable on return. */
  public void move(RunPlace newPlace) throws IOException {
    writePlace(newPlace);
    flush();
    force();
  }

  private void writePlace(RunPlace newPlace) throws IOException {
    BytesWriter out = new BytesWriter();
    newPlace.encode(out);
    write(PLACE, out.toBytes());
    place = newPlace;
  }

  /** Enters a state; it and all that was added before it are durable on return. */
  public void enter(JournalState next) throws IOException {
    flush();
    force();
    write(STATE, new byte[] {(byte) next.ordinal()});
    flush();
    force();
    state = next;
  }

  /** What it is about. */
  public JournalHeader opening() {
    return opening;
  }

  /** Returns the directory that it belongs into. */
  public RunPlace place() {
    return place;
  }

  /** Returns the places that are one unit with it, the deciding one first; empty until decided. */
  public List<byte[]> set() {
    return set;
  }

  /** Returns a fresh copy of the key that it is sealed under. */
  public byte[] key() {
    return seal.key();
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
    int count = lengthAt(offsets[index], end);
    byte[] record = count < 0 ? null : recordAt(offsets[index], count, FIRST_CHANGE + index);
    if (record == null) {
      throw named(file, new IOException("it was damaged while it was in use"));
    }
    try {
      return Change.decode(Arrays.copyOfRange(record, 1, record.length));
    } catch (MalformedException e) {
      throw named(file, new IOException(e.getMessage(), e));
    }
  }

  @Override
  public void close() throws IOException {
    seal.close();
    channel.close();
  }
}
