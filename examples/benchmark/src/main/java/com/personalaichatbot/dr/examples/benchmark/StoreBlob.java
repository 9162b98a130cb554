package com.personalaichatbot.dr.examples.benchmark;

import com.personalaichatbot.dr.core.internal.chunk.Chunker;
import com.personalaichatbot.dr.core.internal.compress.Codec;
import com.personalaichatbot.dr.core.internal.compress.Compressor;
import com.personalaichatbot.dr.core.internal.compress.CorruptDataException;
import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.compress.DictionaryTrainer;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.crypto.AuthenticationException;
import com.personalaichatbot.dr.crypto.IdHasher;
import com.personalaichatbot.dr.crypto.KeyedId;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The cost of each stage for one new blob: where it would be cut, its id, its stored form, its
 * seal.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StoreBlob {
  private static final int SMALL = 18_000;
  private static final int LARGE = 256 << 10;
  private static final int SAMPLES = 300;

  /** A small file with a dictionary, a chunk of text, or a chunk that does not compress. */
  @Param({"conversation", "chunk", "attachment"})
  public String kind;

  private final byte[] bound = new byte[128];
  private RootKey root;
  private RepositoryKeys keys;
  private IdHasher ids;
  private Chunker chunker;
  private Sealer sealer;
  private Compressor compressor;
  private Dictionary dictionary;
  private byte[] plain;
  private byte[] compressed;
  private byte[] checked;
  private byte[] stored;
  private Codec codec;
  private byte[] sealed;
  private byte[] opened;
  private long tail;

  /** Makes a blob, and what the stages before it would have made of it. */
  @Setup(Level.Trial)
  public void make() throws CorruptDataException {
    Random random = new Random(1);
    root = RootKey.generate(new SecureRandom());
    keys = root.derive(new byte[16], Limits.SUITE, Limits.EPOCH);
    ids = keys.newIdHasher();
    sealer = keys.data().newSealer(new byte[32], "benchmark");
    compressor = new Compressor(Codec.ZSTD);
    chunker = new Chunker(
        keys.gearTable(),
        keys.cutHash(),
        Chunker.DEFAULT_MIN,
        Chunker.DEFAULT_AVG,
        Chunker.DEFAULT_MAX);
    Prose prose = new Prose(random);
    plain = text(prose, kind.equals("conversation") ? SMALL : LARGE);
    if (kind.equals("attachment")) {
      random.nextBytes(plain);
    } else if (kind.equals("conversation")) {
      List<byte[]> samples = new ArrayList<>();
      for (int i = 0; i < SAMPLES; i++) {
        samples.add(text(prose, DictionaryTrainer.SAMPLE_LENGTH));
      }
      byte[] content = DictionaryTrainer.train(samples).orElseThrow();
      dictionary = new Dictionary(ids.id(BlobType.DICTIONARY.code(), content), content);
    }
    compressed = new byte[Compressor.bound(plain.length)];
    checked = new byte[plain.length];
    int length = compress();
    codec = length < 0 ? Codec.NONE : Codec.ZSTD;
    stored = length < 0 ? plain : Arrays.copyOf(compressed, length);
    sealed = new byte[stored.length + Sealer.OVERHEAD];
    opened = new byte[stored.length];
    tail = seal();
  }

  private static byte[] text(Prose prose, int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      prose.appendSentence(text);
      text.append(' ');
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }

  /** Wipes the keys and frees what is native. */
  @TearDown(Level.Trial)
  public void close() {
    compressor.close();
    if (dictionary != null) {
      dictionary.close();
    }
    sealer.close();
    keys.close();
    root.close();
  }

  /** Looks for the end of the chunk. */
  @Benchmark
  public int cut() {
    return chunker.next(plain, 0, plain.length, true);
  }

  /** The keyed id. */
  @Benchmark
  public KeyedId id() {
    return ids.id(BlobType.DATA.code(), plain);
  }

  /** Compresses, or finds that it does not pay. */
  @Benchmark
  public int compress() {
    return compressor.compress(plain, 0, plain.length, dictionary, compressed, 0);
  }

  /** Decompresses, as the check of every new blob does. */
  @Benchmark
  public byte[] decompress() throws CorruptDataException {
    compressor.decompress(
        stored,
        0,
        stored.length,
        codec,
        codec == Codec.NONE ? null : dictionary,
        checked,
        0,
        plain.length);
    return checked;
  }

  /** Seals the stored form. */
  @Benchmark
  public long seal() {
    return sealer.seal(0, bound, stored, 0, stored.length, sealed, 0);
  }

  /** Opens it again. */
  @Benchmark
  public int open() throws AuthenticationException {
    return sealer.open(0, tail, bound, sealed, 0, sealed.length, opened, 0);
  }
}
