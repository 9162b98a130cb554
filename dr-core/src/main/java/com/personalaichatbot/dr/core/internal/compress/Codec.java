package com.personalaichatbot.dr.core.internal.compress;

import com.github.luben.zstd.util.Native;

/** The way from a blob's plaintext to its stored bytes. */
public enum Codec {
  /** As they are. */
  NONE(0),
  /** One zstd frame (RFC 8878) without its magic number, see {@link ZstdFrame}. */
  ZSTD(1),
  /**
   * A raw DEFLATE stream (RFC 1951), for machines on which the native library of zstd cannot load.
   */
  DEFLATE(2);

  private final int code;

  Codec(int code) {
    this.code = code;
  }

  /** The number that stands for this codec in a repository. */
  public int code() {
    return code;
  }

  /**
   * The codec of a number.
   *
   * @throws CorruptDataException if none exists
   */
  public static Codec of(int code) throws CorruptDataException {
    for (Codec codec : values()) {
      if (codec.code == code) {
        return codec;
      }
    }
    throw new CorruptDataException("Unknown codec " + code);
  }

  /** Whether {@link #ZSTD} works on this machine; found out once, when first asked. */
  public static boolean zstdAvailable() {
    return Zstd.PROBLEM.isEmpty();
  }

  /** Why zstd does not work on this machine and what to do about it; empty if it does. */
  public static String zstdProblem() {
    return Zstd.PROBLEM;
  }

  /** Not part of the enum itself, so that whoever does not need zstd never tries to load it. */
  private static final class Zstd {

    static final String PROBLEM = load();

    private static String load() {
      try {
        Native.load();
        return "";
      } catch (LinkageError | RuntimeException e) {
        return "The native library of zstd-jni does not load ("
            + firstLine(e)
            + "). It is unpacked into java.io.tmpdir, which must be writable and not mounted noexec: name another "
            + "directory with -DZstdTempFolder=DIR, or the library itself with -DZstdNativePath=FILE. If none exists "
            + "for this machine, a new repository can be created with the codec DEFLATE.";
      }
    }

    private static String firstLine(Throwable e) {
      return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
  }
}
