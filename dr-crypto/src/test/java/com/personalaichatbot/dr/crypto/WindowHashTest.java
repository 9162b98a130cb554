package com.personalaichatbot.dr.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowHashTest {
  private final WindowHash hash = new WindowHash(Keys.counting(0, 16));

  /** From the paper (appendix A), and from the reference implementation of its authors. */
  @ParameterizedTest
  @CsvSource({"15, a129ca6149be45e5", "0, 726fdb47dd0e0e31", "63, 958a324ceb064572"})
  void hash_publishedVectors_match(int length, String expected) {
    byte[] bytes = Keys.counting(0, length);
    assertThat(hash.hash(bytes, 0, length)).isEqualTo(Long.parseUnsignedLong(expected, 16));
  }

  @Test
  void hash_anyWindow_isThatOfAnotherImplementation() {
    byte[] bytes = new byte[300];
    new Random(1).nextBytes(bytes);
    SipHash other = new SipHash();
    other.init(new KeyParameter(Keys.counting(0, 16)));
    for (int length = 0; length <= 130; length++) {
      other.update(bytes, 7, length);
      assertThat(hash.hash(bytes, 7, length)).isEqualTo(other.doFinal());
    }
  }

  @Test
  void hash_outsideTheArray_isRefused() {
    assertThatThrownBy(() -> hash.hash(new byte[64], 1, 64))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
