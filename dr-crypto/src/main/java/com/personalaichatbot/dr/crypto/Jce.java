package com.personalaichatbot.dr.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.Security;
import javax.crypto.Cipher;
import javax.crypto.Mac;

/**
 * The JDK's own algorithms. They are asked for by provider, because an application may have put
 * another provider first, and only the JDK's run on the processor's AES and SHA instructions.
 */
final class Jce {

  private static final Provider SUN = Security.getProvider("SUN");
  private static final Provider SUN_JCE = Security.getProvider("SunJCE");

  private Jce() {}

  static Cipher aesGcm() {
    String name = "AES/GCM/NoPadding";
    try {
      return SUN_JCE == null ? Cipher.getInstance(name) : Cipher.getInstance(name, SUN_JCE);
    } catch (GeneralSecurityException e) {
      throw missing(name, e);
    }
  }

  static MessageDigest sha256() {
    String name = "SHA-256";
    try {
      return SUN == null ? MessageDigest.getInstance(name) : MessageDigest.getInstance(name, SUN);
    } catch (GeneralSecurityException e) {
      throw missing(name, e);
    }
  }

  /** A MAC that has read the key; the caller's array may be wiped immediately. */
  static Mac mac(String name, byte[] key) {
    WipeableKey wrapped = new WipeableKey(name, key);
    try {
      Mac mac = SUN_JCE == null ? Mac.getInstance(name) : Mac.getInstance(name, SUN_JCE);
      mac.init(wrapped);
      return mac;
    } catch (InvalidKeyException e) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes", e);
    } catch (GeneralSecurityException e) {
      throw missing(name, e);
    } finally {
      wrapped.destroy();
    }
  }

  static Mac hmacSha256(byte[] key) {
    return mac("HmacSHA256", key);
  }

  private static IllegalStateException missing(String name, GeneralSecurityException e) {
    return new IllegalStateException("This Java runtime has no " + name + ".", e);
  }
}
