package com.personalaichatbot.dr.core.internal.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ZeroRunsTest {

  private static int firstByEveryByte(byte[] bytes, int offset, int length) {
    int run = 0;
    for (int i = 0; i < length; i++) {
      run = bytes[offset + i] == 0 ? run + 1 : 0;
      if (run == ZeroRuns.SHORTEST) {
        return i + 1 - run;
      }
    }
    return length;
  }

  /** Zeros with a few other bytes strewn in, so that runs of all lengths lie beside each other. */
  @Test
  void first_strewnBytes_agreesWithLookingAtEveryByte() {
    Random random = new Random(11);
    int found = 0;
    for (int round = 0; round < 200; round++) {
      byte[] bytes = new byte[400_000];
      int others = random.nextInt(40);
      for (int i = 0; i < others; i++) {
        bytes[random.nextInt(bytes.length)] = 1;
      }
      int offset = random.nextInt(1000);
      int length = random.nextInt(bytes.length - offset);
      int expected = firstByEveryByte(bytes, offset, length);

      assertThat(ZeroRuns.first(bytes, offset, length)).as("round %d", round).isEqualTo(expected);
      found += expected < length ? 1 : 0;
    }
    assertThat(found).isBetween(50, 199);
  }

  @Test
  void leading_anyLength_countsZerosUpToTheEndOfTheRange() {
    for (int zeros : new int[] {0, 1, 7, 65_535, 65_536, 65_537, 200_000}) {
      byte[] bytes = new byte[300_000];
      bytes[3 + zeros] = -1;

      assertThat(ZeroRuns.leading(bytes, 3, 250_000)).isEqualTo(zeros);
      assertThat(ZeroRuns.leading(bytes, 3, zeros / 2)).isEqualTo(zeros / 2);
    }
  }
}
