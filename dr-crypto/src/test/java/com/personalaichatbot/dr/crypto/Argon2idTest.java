package com.personalaichatbot.dr.crypto;

import static com.personalaichatbot.dr.crypto.Keys.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Test;

class Argon2idTest {

  /**
   * Its costs are below our floor and it uses inputs that we do not, so it asks the library itself.
   */
  @Test
  void generateBytes_rfc9106Section53_matches() {
    Argon2Parameters parameters = new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
        .withIterations(3)
        .withMemoryAsKB(32)
        .withParallelism(4)
        .withSalt(filled(16, 2))
        .withSecret(filled(8, 3))
        .withAdditional(filled(12, 4))
        .build();
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(parameters);
    byte[] tag = new byte[32];
    generator.generateBytes(filled(32, 1), tag);
    assertThat(hex(tag))
        .isEqualTo("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
  }

  @Test
  void derive_allCostsInUse_agreesWithTheReferenceImplementation() throws Exception {
    byte[] passphrase = "passphrase".getBytes(StandardCharsets.US_ASCII);
    KdfParameters cost = new KdfParameters(KdfParameters.MIN_MEMORY_KIB, 3, 4);
    assertThat(hex(Argon2id.derive(passphrase, new byte[32], cost, Long.MAX_VALUE)))
        .isEqualTo("8774d4bb2ff44e2623ffbb3c7d696afc94eb8abf4fbbb9e10d37c8babc3cdd8a");
  }

  @Test
  void derive_costAboveTheHeap_isRefusedAtOnce() {
    KdfParameters cost = new KdfParameters(KdfParameters.MAX_MEMORY_KIB, 2, 1);
    assertThatThrownBy(() -> Argon2id.derive(new byte[1], new byte[32], cost, 1L << 30))
        .isInstanceOf(TooLittleMemoryException.class)
        .hasMessageContaining("1024 MiB")
        .hasMessageContaining("-Xmx");
  }

  /**
   * A heap that is larger than the cost, and not by enough: the error must come from running out.
   */
  @Test
  void derive_heapRunsOut_isATypedError() throws Exception {
    ProcessBuilder command = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx24m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            TightHeap.class.getName())
        .redirectErrorStream(true);
    command.environment().clear();
    Process process = command.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("passed the first check", "TooLittleMemoryException", "goes on");
  }

  /** Runs in a process of its own. */
  static final class TightHeap {

    public static void main(String[] args) {
      KdfParameters cost = Keys.CHEAPEST;
      long heap = Runtime.getRuntime().maxMemory();
      if (cost.memoryKiB() * 1024L < heap) {
        System.out.println("passed the first check");
      }
      byte[] ballast = new byte[(int) (heap - cost.memoryKiB() * 1024L) + (1 << 20)];
      try {
        Argon2id.derive(new byte[1], new byte[32], cost, heap);
      } catch (TooLittleMemoryException e) {
        System.out.println(e);
      }
      System.out.println("goes on with " + ballast.length);
    }
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
