package com.personalaichatbot.dr.health.internal.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names a secret without showing it: the first 32 bits of its SHA-256, enough to see whether it was
 * renewed. Only for secrets that are not weak, since one that can be guessed could be confirmed by
 * it.
 */
public final class Fingerprint {

  private static final int MIN_DISTINCT = 8;

  private Fingerprint() {}

  /** The fingerprint, 8 hexadecimal digits. */
  public static String of(String secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(secret.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 4);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /** Whether a secret has fewer than eight different characters after its prefix. */
  public static boolean isWeak(String secret) {
    String random = secret.startsWith("sk-or-v1-") ? secret.substring(9) : secret;
    return random.chars().distinct().count() < MIN_DISTINCT;
  }
}
