package com.personalaichatbot.dr.crypto;

import static com.personalaichatbot.dr.crypto.Keys.hex;
import static com.personalaichatbot.dr.crypto.Keys.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The project's own primitives against the vectors of Project Wycheproof. The folder is named by
 * the system property {@code dr.vectors}; without it each test says what it leaves out.
 */
class WycheproofTest {

  /** Applies one vector; false if the vector is for something that this module does not do. */
  private interface Check {
    boolean applies(JsonNode group, JsonNode test) throws Exception;
  }

  @Test
  void aesGcm_throughTheSealer() throws Exception {
    int run = run("aes_gcm_test.json", 316, WycheproofTest::aesGcm);
    assertThat(run).as("keys of 256 and nonces of 96 bits").isEqualTo(66);
  }

  @Test
  void hmacSha256_throughTheIdHasher() throws Exception {
    assertThat(run("hmac_sha256_test.json", 174, WycheproofTest::hmac)).isEqualTo(174);
  }

  @Test
  void hkdfSha512() throws Exception {
    assertThat(run("hkdf_sha512_test.json", 83, (g, t) -> hkdf(Hkdf.SHA_512, t)))
        .isEqualTo(83);
  }

  @Test
  void hkdfSha256() throws Exception {
    Hkdf sha256 = new Hkdf("HmacSHA256", 32);
    assertThat(run("hkdf_sha256_test.json", 86, (g, t) -> hkdf(sha256, t))).isEqualTo(86);
  }

  /** C2SP chunked encryption derives key, nonce and commitment as our containers do. */
  @Test
  void c2spChunkedEncryption_throughTheSealer() throws Exception {
    int run = run("c2sp_chunked_encryption_aes_256_gcm_test.json", 35, WycheproofTest::chunked);
    assertThat(run).isEqualTo(35);
  }

  private static boolean aesGcm(JsonNode group, JsonNode test) throws Exception {
    if (group.get("keySize").asInt() != 256 || group.get("ivSize").asInt() != 96) {
      return false;
    }
    byte[] aad = bytes(test, "aad");
    byte[] plain = bytes(test, "msg");
    byte[] sealed = join(bytes(test, "ct"), bytes(test, "tag"));
    boolean valid = valid(test);
    try (Sealer sealer =
        Keys.sealerWithNonce(bytes(test, "key"), bytes(test, "iv"), 9, aad, plain)) {
      byte[] out = new byte[plain.length + Sealer.OVERHEAD];
      long tail = sealer.seal(9, aad, plain, 0, plain.length, out, 0);
      assertThat(Arrays.equals(out, sealed)).isEqualTo(valid);
      byte[] back = new byte[plain.length];
      if (valid) {
        sealer.open(9, tail, aad, sealed, 0, sealed.length, back, 0);
        assertThat(back).isEqualTo(plain);
      } else {
        assertThatThrownBy(() -> sealer.open(9, tail, aad, sealed, 0, sealed.length, back, 0))
            .isInstanceOf(AuthenticationException.class);
      }
    }
    return true;
  }

  /** The type of an id is the message's first byte; the empty message has none. */
  private static boolean hmac(JsonNode group, JsonNode test) {
    byte[] key = bytes(test, "key");
    byte[] message = bytes(test, "msg");
    byte[] mac = new byte[32];
    if (message.length == 0) {
      mac = Jce.hmacSha256(key).doFinal();
    } else {
      new IdHasher(key).id(message[0] & 0xFF, message, 1, message.length - 1).write(mac, 0);
    }
    byte[] cut = Arrays.copyOf(mac, group.get("tagSize").asInt() / 8);
    assertThat(Arrays.equals(cut, bytes(test, "tag"))).isEqualTo(valid(test));
    return true;
  }

  private static boolean hkdf(Hkdf hkdf, JsonNode test) {
    byte[] material = bytes(test, "ikm");
    byte[] salt = bytes(test, "salt");
    byte[] info = bytes(test, "info");
    int size = test.get("size").asInt();
    if (valid(test)) {
      assertThat(hkdf.derive(material, salt, info, size)).isEqualTo(bytes(test, "okm"));
    } else {
      assertThatThrownBy(() -> hkdf.derive(material, salt, info, size))
          .isInstanceOf(IllegalArgumentException.class);
    }
    return true;
  }

  private static boolean chunked(JsonNode group, JsonNode test) throws Exception {
    byte[] sealed = ChunkedEncryption.inflate(bytes(test, "ct"));
    byte[] key = bytes(test, "key");
    byte[] context = bytes(test, "ctx");
    if (valid(test)) {
      byte[] message = ChunkedEncryption.open(key, context, sealed);
      assertThat(message).hasSize(test.get("msgLength").asInt());
      assertThat(hex(MessageDigest.getInstance("SHA-512").digest(message)))
          .isEqualTo(test.get("msgSha512").asText());
    } else {
      assertThatThrownBy(() -> ChunkedEncryption.open(key, context, sealed))
          .isInstanceOfAny(AuthenticationException.class, IllegalArgumentException.class);
    }
    if (test.has("aeadKey")) {
      SealMaterial material = ChunkedEncryption.material(key, context, sealed);
      assertThat(material.key.getEncoded()).isEqualTo(bytes(test, "aeadKey"));
      assertThat(material.nonce).isEqualTo(bytes(test, "baseNonce"));
    }
    return true;
  }

  private static int run(String file, int count, Check check) throws Exception {
    Path path = find(file);
    if (path == null) {
      String skipped = "SKIPPED: " + count + " vectors of " + file
          + ": -Ddr.vectors names no folder that has it";
      System.out.println(skipped);
      Assumptions.abort(skipped);
    }
    JsonNode root = new ObjectMapper().readTree(path.toFile());
    int seen = 0;
    int run = 0;
    for (JsonNode group : root.get("testGroups")) {
      for (JsonNode test : group.get("tests")) {
        seen++;
        try {
          run += check.applies(group, test) ? 1 : 0;
        } catch (Exception | AssertionError e) {
          throw new AssertionError(file + " tcId " + test.get("tcId") + ": " + e.getMessage(), e);
        }
      }
    }
    assertThat(seen).isEqualTo(root.get("numberOfTests").asInt()).isEqualTo(count);
    return run;
  }

  private static Path find(String file) throws IOException {
    String folder = System.getProperty("dr.vectors", "");
    if (folder.isBlank()) {
      return null;
    }
    for (Path path : List.of(Path.of(folder, file), Path.of(folder, "wycheproof", file))) {
      if (Files.isRegularFile(path)) {
        return path;
      }
    }
    return null;
  }

  private static boolean valid(JsonNode test) {
    return test.get("result").asText().equals("valid");
  }

  private static byte[] bytes(JsonNode test, String field) {
    return hex(test.get(field).asText());
  }
}
