package com.personalaichatbot.dr.core.internal.index;

import com.personalaichatbot.dr.core.internal.compress.Codec;
import com.personalaichatbot.dr.core.internal.compress.Compressor;
import com.personalaichatbot.dr.core.internal.compress.CorruptDataException;
import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.PackedBlob;
import com.personalaichatbot.dr.core.internal.pack.PackWriter;
import com.personalaichatbot.dr.core.internal.seal.PackSeal;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.crypto.IdHasher;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads blobs by their id: finds a place, reads, opens, decompresses, and compares the id. Nothing
 * leaves it before all of that held (invariant 5); where one place fails the next is tried (9).
 *
 * <p>Each read of the storage takes a stretch of the pack: what was said to be read next
 * ({@link #expect}), else what lies around, for blobs that are read together were mostly written
 * together. Not thread-safe; one a worker.
 */
public final class BlobReader implements AutoCloseable {
  private static final int WINDOW = 1 << 20;
  private static final int LONGEST_WINDOW = 4 << 20;
  private static final int GAP = 64 << 10;
  private static final int OPEN_PACKS = 8;
  private static final int MAX_AROUND = 8;

  private final Storage storage;
  private final Seals seals;
  private final BlobIndex index;
  private final Dictionaries dictionaries;
  private final IdHasher ids;
  private final Compressor compressor = new Compressor(Codec.NONE);
  private final Map<String, PackSeal> packs = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, PackSeal> eldest) {
      if (size() <= OPEN_PACKS) {
        return false;
      }
      eldest.getValue().close();
      return true;
    }
  };
  private byte[] stored = new byte[1 << 16];
  private byte[] plain = new byte[0];
  private List<BlobLocation> expected = List.of();
  private int nextExpected;
  private final Window next = new Window();
  private final Deque<Window> around = new ArrayDeque<>();
  private Window window = next;

  /** A stretch of a pack that was read. */
  private static final class Window {
    private byte[] bytes = new byte[0];
    private String file = "";
    private int start;
    private int length;

    boolean holds(String packFile, BlobLocation place) {
      return place.offset() >= start && place.end() <= start + length && packFile.equals(file);
    }
  }

  /** Reads what the index knows from the storage; the dictionaries are shared by all readers. */
  public BlobReader(Storage storage, Seals seals, BlobIndex index, Dictionaries dictionaries) {
    this.storage = storage;
    this.seals = seals;
    this.index = index;
    this.dictionaries = dictionaries;
    this.ids = seals.newIdHasher();
  }

  /** A reader of the same data with buffers of its own. */
  BlobReader newReader() {
    return new BlobReader(storage, seals, index, dictionaries);
  }

  /**
   * Says which places are read next, in this order: what lies together is fetched together. Others
   * may be read all the same.
   */
  public void expect(List<BlobLocation> places) {
    expected = places;
    nextExpected = 0;
  }

  /**
   * The bytes of a blob.
   *
   * @throws CorruptRepositoryException if no place holds it whole
   */
  public byte[] read(KeyedId id, BlobType type) throws IOException {
    ByteBuffer bytes = view(id, type);
    return Arrays.copyOf(bytes.array(), bytes.limit());
  }

  /**
   * The bytes of a blob, from 0 to the limit of a buffer of the reader's own, which the next call
   * uses again.
   *
   * @throws CorruptRepositoryException if no place holds it whole
   */
  public ByteBuffer view(KeyedId id, BlobType type) throws IOException {
    List<BlobLocation> places = index.places(id);
    String object = "blob " + id;
    String problem = "no pack holds it";
    IOException unreadable = null;
    for (BlobLocation place : places) {
      try {
        if (place.typeCode() != type.code()) {
          throw new MalformedException("another kind of blob is where a " + type + " belongs");
        }
        open(place);
        return ByteBuffer.wrap(plain, 0, place.plainLength());
      } catch (MalformedException | CorruptDataException e) {
        object = place.file();
        problem = e.getMessage();
      } catch (NoSuchFileException e) {
        object = place.file();
        problem = "the pack is missing";
      } catch (UnreadableException e) {
        object = place.file();
        problem = e.getMessage();
        unreadable = e.failure;
      }
    }
    if (unreadable != null) {
      throw new CorruptRepositoryException(
          object,
          problem,
          "look at the disk that it lies on; run dr verify to see what is damaged",
          unreadable);
    }
    throw new CorruptRepositoryException(
        object,
        problem,
        "run dr verify to see what is damaged; heal the repository with dr heal COPY, or back up, which stores again what the"
            + " source still has");
  }

  /**
   * Whether a place holds its blob whole, and if not why.
   *
   * @return empty if it does
   */
  public Optional<BlobDamage> problem(BlobLocation place) throws IOException {
    try {
      open(place);
      return Optional.empty();
    } catch (MalformedException | CorruptDataException e) {
      return Optional.of(BlobDamage.corrupt(e));
    } catch (NoSuchFileException e) {
      return Optional.of(new BlobDamage(Damage.Kind.CORRUPT, "the pack is missing"));
    } catch (UnreadableException e) {
      return Optional.of(new BlobDamage(Damage.Kind.UNREADABLE, e.getMessage()));
    }
  }

  /** Whether any place holds a blob whole. */
  public boolean holds(KeyedId id) throws IOException {
    for (BlobLocation place : index.places(id)) {
      if (problem(place).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Copies the stored form of a blob to another pack, after all that a read would check held.
   *
   * @return what is wrong with that place, if it does not hold the blob whole; then nothing was
   *     copied
   */
  public Optional<BlobDamage> copy(BlobLocation place, PackWriter to) throws IOException {
    Optional<BlobDamage> problem = problem(place);
    if (problem.isPresent()) {
      return problem;
    }
    PackedBlob blob;
    try {
      blob = place.blob();
    } catch (MalformedException e) {
      return Optional.of(BlobDamage.corrupt(e));
    }
    to.add(
        blob.type(),
        blob.id(),
        stored,
        0,
        blob.storedLength(),
        blob.plainLength(),
        blob.codec(),
        place.dictionary());
    return problem;
  }

  /** Reads, opens and decompresses a blob to the beginning of {@code plain} and compares its id. */
  private void open(BlobLocation place)
      throws IOException, MalformedException, CorruptDataException, UnreadableException {
    PackedBlob blob = place.blob();
    int at = fetch(place);
    if (stored.length < blob.storedLength()) {
      stored = new byte[blob.storedLength()];
    }
    if (plain.length < blob.plainLength()) {
      plain = new byte[Math.max(blob.plainLength(), plain.length * 2)];
    }
    PackSeal seal = packs.get(place.pack());
    if (seal == null) {
      seal = seals.openPack(place.header());
      packs.put(place.pack(), seal);
    }
    seal.blobs().open(place.number(), blob, place.dictionary(), window.bytes, at, stored);
    Dictionary dictionary = place.dictionary() == null ? null : dictionary(place.dictionary());
    compressor.decompress(
        stored,
        0,
        blob.storedLength(),
        Codec.of(blob.codec()),
        dictionary,
        plain,
        0,
        blob.plainLength());
    if (!ids.id(blob.type().code(), plain, 0, blob.plainLength()).equals(blob.id())) {
      throw new MalformedException("a blob's id is not that of what it holds");
    }
  }

  /** Has the next reads of a file taken from these bytes, which are its first. */
  public void preload(String file, byte[] bytes, int length) {
    window = next;
    next.bytes = bytes;
    next.file = file;
    next.start = 0;
    next.length = length;
  }

  private Dictionary dictionary(KeyedId id)
      throws IOException, MalformedException, UnreadableException {
    try {
      return dictionaries.get(id, this);
    } catch (CorruptRepositoryException e) {
      throw new UnreadableException("its dictionary: " + e.getMessage(), e);
    }
  }

  /** A place that the storage lists and fails to read. */
  private static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;
    private final IOException failure;

    UnreadableException(String message, IOException failure) {
      super(message, failure);
      this.failure = failure;
    }
  }

  /** Brings a stretch of a pack into the window and says where in the window a place begins. */
  private int fetch(BlobLocation place)
      throws IOException, MalformedException, UnreadableException {
    String file = place.file();
    if (!window.holds(file, place) && !isAround(file, place)) {
      int end = expectedEnd(place);
      if (end > 0) {
        window = next;
        readWindow(place, place.offset(), end);
      } else {
        window = around.size() < MAX_AROUND ? new Window() : around.removeLast();
        around.addFirst(window);
        int start = place.offset() - place.offset() % WINDOW;
        readWindow(place, start, Math.max(place.end(), start + WINDOW));
      }
      if (!window.holds(file, place)) {
        throw new MalformedException("the pack ends early, at " + (window.start + window.length));
      }
    }
    return place.offset() - window.start;
  }

  /**
   * Looks for a place in the stretches that were read last, the latest first: directories of one
   * tree lie in the packs of several workers, and a walk goes to and fro between them.
   */
  private boolean isAround(String file, BlobLocation place) {
    for (Window one : around) {
      if (one.holds(file, place)) {
        around.remove(one);
        around.addFirst(one);
        window = one;
        return true;
      }
    }
    return false;
  }

  /** Reads a stretch, or no more than the place needs if a bad sector lies beside it. */
  private void readWindow(BlobLocation place, int start, int end)
      throws IOException, UnreadableException {
    try {
      readWindow(place.file(), start, end);
    } catch (IOException e) {
      BlobDamage flaw = BlobDamage.unreadable(storage, place.file(), e);
      try {
        readWindow(place.file(), place.offset(), place.end());
      } catch (IOException again) {
        throw new UnreadableException(flaw.detail(), again);
      }
    }
  }

  private void readWindow(String file, int start, int end) throws IOException {
    if (window.bytes.length < end - start) {
      window.bytes = new byte[end - start];
    }
    window.file = "";
    window.length = storage.read(file, start, window.bytes, 0, end - start);
    window.file = file;
    window.start = start;
  }

  /** Where what was said to be read next ends, from a place on; 0 if it was not said. */
  private int expectedEnd(BlobLocation place) {
    int at = nextExpected;
    while (at < expected.size() && !isSame(expected.get(at), place)) {
      at++;
    }
    if (at == expected.size()) {
      return 0;
    }
    int end = place.end();
    for (at++; at < expected.size(); at++) {
      BlobLocation next = expected.get(at);
      if (!next.pack().equals(place.pack())
          || next.offset() > end + GAP
          || next.end() - place.offset() > LONGEST_WINDOW) {
        break;
      }
      end = Math.max(end, next.end());
    }
    nextExpected = at;
    return end;
  }

  private static boolean isSame(BlobLocation a, BlobLocation b) {
    return a.offset() == b.offset() && a.pack().equals(b.pack());
  }

  @Override
  public void close() {
    packs.values().forEach(PackSeal::close);
    packs.clear();
    compressor.close();
  }
}
