package com.personalaichatbot.dr.crypto;

import static com.personalaichatbot.dr.crypto.Keys.counting;
import static com.personalaichatbot.dr.crypto.Keys.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HkdfTest {

  private static final Hkdf SHA_256 = new Hkdf("HmacSHA256", 32);

  @Test
  void derive_rfc5869Case1_matches() {
    byte[] material = filled(22);
    byte[] salt = counting(0, 13);
    assertThat(hex(SHA_256.extract(salt, material)))
        .isEqualTo("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
    assertThat(hex(SHA_256.derive(material, salt, counting(0xf0, 10), 42)))
        .isEqualTo(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  }

  @Test
  void derive_rfc5869Case2LongInputs_matches() {
    assertThat(hex(SHA_256.derive(counting(0, 80), counting(0x60, 80), counting(0xb0, 80), 82)))
        .isEqualTo("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
            + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
            + "cc30c58179ec3e87c14c01d5c1f3434f1d87");
  }

  @Test
  void derive_rfc5869Case3NoSaltNoInfo_matches() {
    assertThat(hex(SHA_256.derive(filled(22), new byte[0], new byte[0], 42)))
        .isEqualTo(
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  }

  @Test
  void expand_shorterLengths_arePrefixes() {
    byte[] key = counting(0, 64);
    byte[] longest = Hkdf.SHA_512.expand(key, new byte[3], 200);
    for (int length : new int[] {0, 1, 63, 64, 65, 128, 129}) {
      assertThat(Hkdf.SHA_512.expand(key, new byte[3], length))
          .isEqualTo(Arrays.copyOf(longest, length));
    }
  }

  @Test
  void expand_longerThanTheRfcAllows_isRefused() {
    byte[] key = counting(0, 64);
    assertThat(Hkdf.SHA_512.expand(key, new byte[0], 255 * 64)).hasSize(255 * 64);
    assertThatThrownBy(() -> Hkdf.SHA_512.expand(key, new byte[0], 255 * 64 + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Hkdf.SHA_512.expand(key, new byte[0], -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0x0b);
    return bytes;
  }
}
