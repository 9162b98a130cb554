package com.personalaichatbot.dr.crypto;

import static com.personalaichatbot.dr.crypto.Keys.counting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class IdHasherTest {

  @Test
  void id_rfc4231_matches() {
    check(
        filled(20, 0x0b),
        ascii("Hi There"),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    check(
        ascii("Jefe"),
        ascii("what do ya want for nothing?"),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    check(
        filled(20, 0xaa),
        filled(50, 0xdd),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    check(
        counting(1, 25),
        filled(50, 0xcd),
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    check(
        filled(131, 0xaa),
        ascii("Test Using Larger Than Block-Size Key - Hash Key First"),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    check(
        filled(131, 0xaa),
        ascii("This is a test using a larger than block-size key and a larger than block-size data."
            + " The key needs to be hashed before being used by the HMAC algorithm."),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
  }

  @Test
  void id_otherTypeSameContent_differs() {
    IdHasher hasher = Keys.repository().newIdHasher();
    byte[] content = ascii("hello");
    assertThat(hasher.id(0, content)).isNotEqualTo(hasher.id(255, content));
    assertThat(hasher.id(7, content)).isEqualTo(hasher.id(7, content));
  }

  @Test
  void id_partOfAnArray_isTheIdOfThatPart() {
    IdHasher hasher = Keys.repository().newIdHasher();
    byte[] bytes = counting(0, 100);
    assertThat(hasher.id(1, bytes, 10, 20))
        .isEqualTo(hasher.id(1, Arrays.copyOfRange(bytes, 10, 30)));
    assertThat(hasher.id(1, bytes, 100, 0)).isEqualTo(hasher.id(1, new byte[0]));
  }

  @Test
  void id_badArguments_areRefusedAndLeaveNoTrace() {
    IdHasher hasher = Keys.repository().newIdHasher();
    KeyedId before = hasher.id(1, new byte[5]);
    assertThatThrownBy(() -> hasher.id(-1, new byte[5]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> hasher.id(256, new byte[5]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> hasher.id(1, new byte[5], 3, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> hasher.id(1, null)).isInstanceOf(NullPointerException.class);
    assertThat(hasher.id(1, new byte[5])).isEqualTo(before);
  }

  /** The type byte is the message's first byte, so a plain HMAC vector is an id's. */
  private static void check(byte[] key, byte[] message, String expected) {
    KeyedId id = new IdHasher(key).id(message[0] & 0xFF, message, 1, message.length - 1);
    assertThat(id).hasToString(expected);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
