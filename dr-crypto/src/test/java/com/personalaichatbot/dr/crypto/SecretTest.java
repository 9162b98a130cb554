package com.personalaichatbot.dr.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {

  private static final String COMPOSED = "caf\u00e9";
  private static final String DECOMPOSED = "cafe\u0301";

  @Test
  void ofPassphrase_twoFormsOfOneLetter_areOneSecret() {
    assertThat(DECOMPOSED).isNotEqualTo(COMPOSED);
    try (Secret composed = passphrase(COMPOSED);
        Secret decomposed = passphrase(DECOMPOSED)) {
      assertThat(decomposed.copyBytes())
          .isEqualTo(composed.copyBytes())
          .isEqualTo(COMPOSED.getBytes(StandardCharsets.UTF_8));
      assertThat(composed.matches(decomposed)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        " a ",
        "ab\tc",
        "\u00ff\u02ff",
        "\u4e2d\u6587",
        "\ud83d\udd11 key",
        "\u1100\u1161\u11a8",
        "e\u0323\u0302",
        "\ufb01ne \u2460"
      })
  void ofPassphrase_anyText_isUtf8OfFormC(String text) {
    String expected = java.text.Normalizer.normalize(text, java.text.Normalizer.Form.NFC);
    assertThat(passphrase(text).copyBytes()).isEqualTo(expected.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\t\n\u00a0\u3000",
        "canary\0",
        "canary\ufffd",
        "canary\ud83d",
        "canary\udd11",
        "\udd11\ud83dcanary"
      })
  void ofPassphrase_unusableText_isRefusedWithoutShowingIt(String text) {
    assertThatThrownBy(() -> passphrase(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("canary");
  }

  @Test
  void ofPassphrase_length_isLimitedInNormalisedBytes() {
    assertThat(passphrase("a".repeat(1024)).length()).isEqualTo(1024);
    assertThat(passphrase("\u00e9".repeat(512)).length()).isEqualTo(1024);
    assertThat(passphrase("e\u0301".repeat(512)).length()).isEqualTo(1024);
    assertThat(passphrase("\ud83d\udd11".repeat(256)).length()).isEqualTo(1024);
    for (String text : new String[] {
      "a".repeat(1025), "\u00e9".repeat(513), "\u4e2d".repeat(342), "a".repeat(1 << 20)
    }) {
      assertThatThrownBy(() -> passphrase(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1024")
          .hasMessageNotContaining("aaa");
    }
  }

  @Test
  void ofPassphraseOfBytes_callersArray_isCopied() {
    char[] chars = {'a', 'b'};
    byte[] bytes = {1, 2};
    Secret fromChars = Secret.ofPassphrase(chars);
    Secret fromBytes = Secret.ofBytes(bytes);
    Arrays.fill(chars, 'x');
    Arrays.fill(bytes, (byte) 9);
    assertThat(fromChars.copyBytes()).containsExactly('a', 'b');
    assertThat(fromBytes.copyBytes()).containsExactly(1, 2);
  }

  @Test
  void ofPassphraseOfBytes_nullOrNothing_isRefused() {
    assertThatThrownBy(() -> Secret.ofPassphrase(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> Secret.ofBytes(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> Secret.ofBytes(new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void close_afterwards_bytesAreZeroAndUseIsRefused() {
    Secret secret = Secret.ofBytes(new byte[] {1, 2, 3});
    byte[] copy = secret.copyBytes();
    secret.close();
    secret.close();
    assertThat(secret.view()).containsExactly(0, 0, 0);
    assertThat(copy).containsExactly(1, 2, 3);
    assertThatThrownBy(secret::copyBytes).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(secret::length).isInstanceOf(IllegalStateException.class);
    Secret open = Secret.ofBytes(new byte[1]);
    assertThatThrownBy(() -> secret.matches(open)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> open.matches(secret)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void matches_otherContentOrLength_isFalse() {
    Secret secret = Secret.ofBytes(new byte[] {1, 2, 3});
    assertThat(secret.matches(Secret.ofBytes(new byte[] {1, 2, 3}))).isTrue();
    assertThat(secret.matches(Secret.ofBytes(new byte[] {1, 2, 4}))).isFalse();
    assertThat(secret.matches(Secret.ofBytes(new byte[] {1, 2}))).isFalse();
    assertThat(secret).isNotEqualTo(Secret.ofBytes(new byte[] {1, 2, 3}));
  }

  /** Large enough that the wipe falls into a copy: without the lock most rounds tear. */
  @Test
  void close_whileOthersCopy_neverGivesAHalfWipedCopy() throws Exception {
    byte[] bytes = new byte[1 << 20];
    Arrays.fill(bytes, (byte) 7);
    for (int round = 0; round < 10; round++) {
      Secret secret = Secret.ofBytes(bytes);
      AtomicBoolean torn = new AtomicBoolean();
      CountDownLatch copying = new CountDownLatch(1);
      Thread reader = new Thread(() -> {
        try {
          while (true) {
            copying.countDown();
            if (!Arrays.equals(bytes, secret.copyBytes())) {
              torn.set(true);
            }
          }
        } catch (IllegalStateException closed) {
          // The end of the race.
        }
      });
      reader.start();
      copying.await();
      secret.close();
      reader.join();
      assertThat(torn).isFalse();
    }
  }

  private static Secret passphrase(String text) {
    return Secret.ofPassphrase(text.toCharArray());
  }

  /** Whether it was read from a file, a variable or a prompt makes no difference. */
  @ParameterizedTest
  @ValueSource(
      strings = {"a b", "a b\n", "a b\r\n", "a b\r", "\uFEFFa b", "\uFEFFa b\n", "\uFEFFa b\r\n"})
  void ofPassphrase_byteOrderMarkAndOneLineEnd_areNoPartOfIt(String text) {
    try (Secret secret = Secret.ofPassphrase(text.toCharArray())) {
      assertThat(new String(secret.copyBytes(), StandardCharsets.UTF_8)).isEqualTo("a b");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\n\n", "\na\n", "\uFEFF\uFEFFa", "a\uFEFF", "a\n\r"})
  void ofPassphrase_otherMarksAndLineEnds_belongToIt(String text) {
    try (Secret secret = Secret.ofPassphrase(text.toCharArray())) {
      assertThat(new String(secret.copyBytes(), StandardCharsets.UTF_8)).isNotEqualTo("a");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uFEFF", "\uFEFF\n", "\uFEFF \r\n"})
  void ofPassphrase_markAndLineEndAlone_isRefused(String text) {
    assertThatThrownBy(() -> Secret.ofPassphrase(text.toCharArray()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
