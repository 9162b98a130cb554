package com.personalaichatbot.dr.crypto;

/**
 * The cost of deriving a key from a passphrase with Argon2id version 1.3 (RFC 9106).
 *
 * <p>The limits hold for what is written and for what is read: below them guessing is too cheap,
 * above them a forged slot could exhaust the process that reads it.
 *
 * @param memoryKiB memory in KiB, 19456 to 1048576
 * @param iterations passes over the memory, 2 to 16
 * @param parallelism lanes, 1 to 16; they are computed one after another, so more of them gain the
 *     owner of the passphrase nothing
 */
public record KdfParameters(int memoryKiB, int iterations, int parallelism) {

  /** The least memory, 19 MiB: the floor that OWASP recommends with two iterations. */
  public static final int MIN_MEMORY_KIB = 19 * 1024;

  /** The most memory, 1 GiB. */
  public static final int MAX_MEMORY_KIB = 1024 * 1024;

  /** The fewest iterations. */
  public static final int MIN_ITERATIONS = 2;

  /** The most iterations. */
  public static final int MAX_ITERATIONS = 16;

  /** The most lanes. */
  public static final int MAX_PARALLELISM = 16;

  /**
   * Checks the limits.
   *
   * @param memoryKiB 19456 to 1048576
   * @param iterations 2 to 16
   * @param parallelism 1 to 16
   * @throws IllegalArgumentException if a value is outside its range
   */
  public KdfParameters {
    check("memoryKiB", memoryKiB, MIN_MEMORY_KIB, MAX_MEMORY_KIB);
    check("iterations", iterations, MIN_ITERATIONS, MAX_ITERATIONS);
    check("parallelism", parallelism, 1, MAX_PARALLELISM);
  }

  /**
   * What new slots use unless told otherwise: 64 MiB, three iterations, one lane.
   *
   * @return the recommended cost
   */
  public static KdfParameters recommended() {
    return new KdfParameters(64 * 1024, 3, 1);
  }

  /** Checks what a stored slot claims, as unsigned 32-bit integers, before anything is spent. */
  static KdfParameters read(long memoryKiB, long iterations, long parallelism)
      throws UnsupportedSlotException {
    read("memoryKiB", memoryKiB, MIN_MEMORY_KIB, MAX_MEMORY_KIB);
    read("iterations", iterations, MIN_ITERATIONS, MAX_ITERATIONS);
    read("parallelism", parallelism, 1, MAX_PARALLELISM);
    return new KdfParameters((int) memoryKiB, (int) iterations, (int) parallelism);
  }

  private static void check(String field, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          field + " is " + least + " to " + most + ", not " + value + ".");
    }
  }

  private static void read(String field, long value, int least, int most)
      throws UnsupportedSlotException {
    if (value < least || value > most) {
      throw new UnsupportedSlotException(field, value, least + " to " + most);
    }
  }
}
