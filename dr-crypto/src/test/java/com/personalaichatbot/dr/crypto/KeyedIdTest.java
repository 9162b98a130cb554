package com.personalaichatbot.dr.crypto;

import static com.personalaichatbot.dr.crypto.Keys.counting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedIdTest {

  private static final String HEX =
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

  @Test
  void readWriteParseToString_sameBytes_agree() {
    byte[] framed = counting(-3, 38);
    KeyedId id = KeyedId.read(framed, 3);
    assertThat(id).hasToString(HEX);
    assertThat(KeyedId.parse(HEX)).isEqualTo(id).hasSameHashCodeAs(id);
    assertThat(KeyedId.parse(HEX.toUpperCase(Locale.ROOT))).isEqualTo(id);
    byte[] out = new byte[34];
    id.write(out, 1);
    assertThat(Arrays.copyOfRange(out, 1, 33)).isEqualTo(counting(0, 32));
    assertThat(out[0]).isZero();
    assertThat(out[33]).isZero();
  }

  @Test
  void zero_isThirtyTwoZeroBytes() {
    assertThat(KeyedId.ZERO).isEqualTo(KeyedId.read(new byte[32], 0)).hasToString("0".repeat(64));
  }

  @Test
  void compareTo_anyIds_ordersAsUnsignedBytes() {
    Random random = new Random(42);
    for (int i = 0; i < 1000; i++) {
      byte[] a = new byte[32];
      random.nextBytes(a);
      byte[] b = a.clone();
      b[random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
      assertThat(Integer.signum(KeyedId.read(a, 0).compareTo(KeyedId.read(b, 0))))
          .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
    }
    assertThat(KeyedId.parse(HEX).compareTo(KeyedId.parse(HEX))).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "00", "x", "g00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"})
  void parse_notSixtyFourHexDigits_isRefused(String text) {
    assertThatThrownBy(() -> KeyedId.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readWrite_tooLittleRoom_isRefusedWithoutEffect() {
    byte[] bytes = new byte[40];
    assertThatThrownBy(() -> KeyedId.read(bytes, 9)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> KeyedId.read(bytes, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> KeyedId.parse(HEX).write(bytes, 9))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(bytes).containsOnly(0);
  }
}
