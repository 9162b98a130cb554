package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.crypto.Derivation;
import com.personalaichatbot.dr.crypto.KdfParameters;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The content of the files FORMAT and FORMAT.copy: what a reader must know before it can read
 * anything. Until its MAC is verified under the root key it selects only the parser (invariant 24).
 *
 * @param repositoryId 16 bytes
 * @param readFeatures bits a reader must know or refuse the repository
 * @param writeFeatures bits a writer must know or treat the repository as read-only
 * @param pruneFeatures bits a pruner must know or refuse to prune
 * @param codec how new blobs are compressed: 1 zstd, 2 deflate
 * @param derivation how ordinary key slots make a key of a passphrase
 */
public record RepositoryFormat(
    Bytes16 repositoryId,
    int version,
    int minimumReader,
    long readFeatures,
    long writeFeatures,
    long pruneFeatures,
    int suite,
    int codec,
    int minChunk,
    int averageChunk,
    int maxChunk,
    int packTarget,
    int packLimit,
    int packBlobs,
    int kdfMemoryKiB,
    int kdfIterations,
    int kdfParallelism,
    Derivation derivation) {

  /** Bytes of the MAC. */
  public static final int MAC = 32;

  /** Bytes of the checksum at the end. */
  public static final int CHECKSUM = 32;

  private static final byte[] MAGIC = "DRFORMAT".getBytes(StandardCharsets.US_ASCII);

  /** The parameters that a new repository gets. */
  public static RepositoryFormat of(Bytes16 repositoryId, int codec, Derivation derivation) {
    return new RepositoryFormat(
        repositoryId,
        Limits.FORMAT_VERSION,
        Limits.FORMAT_VERSION,
        0,
        0,
        0,
        Limits.SUITE,
        codec,
        64 << 10,
        256 << 10,
        1 << 20,
        16 << 20,
        Limits.MAX_PACK,
        Limits.MAX_PACK_BLOBS,
        KdfParameters.MIN_MEMORY_KIB,
        KdfParameters.MIN_ITERATIONS,
        1,
        derivation);
  }

  /** The part that the MAC covers. */
  public byte[] unauthenticated() {
    return new BytesWriter()
        .raw(MAGIC)
        .u16(version)
        .u16(minimumReader)
        .raw(repositoryId.toBytes())
        .u64(readFeatures)
        .u64(writeFeatures)
        .u64(pruneFeatures)
        .u16(suite)
        .u8(codec)
        .u8(0)
        .u32(minChunk)
        .u32(averageChunk)
        .u32(maxChunk)
        .u32(packTarget)
        .u32(packLimit)
        .u32(packBlobs)
        .u32(kdfMemoryKiB)
        .u32(kdfIterations)
        .u32(kdfParallelism)
        .u32(derivation.cost().memoryKiB())
        .u32(derivation.cost().iterations())
        .u32(derivation.cost().parallelism())
        .raw(derivation.salt())
        .toBytes();
  }

  /** The whole file, with the MAC given. */
  public byte[] encode(byte[] mac) {
    BytesWriter out = new BytesWriter().raw(unauthenticated()).raw(mac);
    return out.raw(Sha256.of(out.array(), 0, out.length())).toBytes();
  }

  /** Whether these bytes begin as a FORMAT file does. */
  public static boolean looksLike(byte[] bytes) {
    return bytes.length >= MAGIC.length && Arrays.equals(bytes, 0, 8, MAGIC, 0, 8);
  }

  /**
   * Reads a FORMAT file whose version this code knows, without its MAC.
   *
   * @throws MalformedException if a bit is wrong
   * @throws UnknownVersionException if it is whole and asks for a newer reader
   */
  public static RepositoryFormat parse(byte[] file)
      throws MalformedException, UnknownVersionException {
    if (file.length < MAGIC.length + CHECKSUM + MAC || file.length > Limits.MAX_FORMAT) {
      throw new MalformedException("its length of " + file.length + " bytes cannot be");
    }
    int body = file.length - CHECKSUM;
    if (!MessageDigest.isEqual(
        Sha256.of(file, 0, body), Arrays.copyOfRange(file, body, file.length))) {
      throw new MalformedException("its checksum does not fit");
    }
    BytesReader in = new BytesReader(file, 0, body - MAC);
    in.expect(MAGIC, "the magic");
    int version = in.u16();
    int minimum = in.u16();
    if (minimum > Limits.FORMAT_VERSION) {
      throw new UnknownVersionException("format version", minimum, Limits.FORMAT_VERSION);
    }
    Bytes16 id = Bytes16.of(in.raw(16));
    long read = in.u64();
    long write = in.u64();
    long prune = in.u64();
    if (read != 0) {
      throw new UnknownVersionException("read features", read, 0);
    }
    int suite = in.u16();
    if (suite != Limits.SUITE) {
      throw new UnknownVersionException("cipher suite", suite, Limits.SUITE);
    }
    int codec = in.u8();
    if (codec != 1 && codec != 2) {
      throw new UnknownVersionException("codec", codec, 2);
    }
    if (in.u8() != 0) {
      throw new MalformedException("a reserved byte is not zero");
    }
    RepositoryFormat format = new RepositoryFormat(
        id,
        version,
        minimum,
        read,
        write,
        prune,
        suite,
        codec,
        in.u32(),
        in.u32(),
        in.u32(),
        in.u32(),
        in.u32(),
        in.u32(),
        in.u32(),
        in.u32(),
        in.u32(),
        derivation(in));
    if (version == Limits.FORMAT_VERSION) {
      in.end();
    }
    if (format.minChunk < 1024
        || format.averageChunk < format.minChunk
        || format.maxChunk < format.averageChunk
        || format.maxChunk > Limits.MAX_BLOB
        || format.packTarget < format.maxChunk
        || format.packLimit > Limits.MAX_PACK
        || format.packLimit < format.packTarget
        || format.packBlobs < 1
        || format.packBlobs > Limits.MAX_PACK_BLOBS) {
      throw new MalformedException("its chunk or pack sizes are out of bounds");
    }
    return format;
  }

  /** Before the MAC verifies, all that is known of the costs is that they are within the caps. */
  private static Derivation derivation(BytesReader in) throws MalformedException {
    int memory = in.u32();
    int iterations = in.u32();
    int parallelism = in.u32();
    byte[] salt = in.raw(Derivation.SALT_BYTES);
    try {
      return Derivation.of(new KdfParameters(memory, iterations, parallelism), salt);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("the cost of its passphrases is out of bounds");
    }
  }

  /** How many bytes of a parsed FORMAT file its MAC covers, those of a newer version included. */
  public static int lengthUnderMac(byte[] file) {
    return file.length - CHECKSUM - MAC;
  }

  /** The MAC that is in a parsed FORMAT file. */
  public static byte[] macOf(byte[] file) {
    int end = file.length - CHECKSUM;
    return Arrays.copyOfRange(file, end - MAC, end);
  }
}
