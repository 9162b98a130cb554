package com.personalaichatbot.dr.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class KeySlotTest {
  private static final KdfParameters CHEAPEST = new KdfParameters(19456, 2, 1);

  @Test
  void unwrap_rightPassphrase_givesTheRootKey() throws Exception {
    SecureRandom random = new SecureRandom();
    RootKey root = RootKey.generate(random);
    Secret passphrase = Secret.ofPassphrase("correct horse".toCharArray());
    KeySlot slot =
        KeySlot.create(
            root, passphrase, new byte[16], new byte[16], 5, CHEAPEST, new byte[99], random);
    KeySlot read = KeySlot.parse(slot.bytes());
    assertThat(read.unwrap(passphrase).copyBytes()).isEqualTo(root.copyBytes());
    assertThatThrownBy(() -> read.unwrap(Secret.ofPassphrase("wrong".toCharArray())))
        .isInstanceOf(WrongPassphraseException.class);
  }
}
