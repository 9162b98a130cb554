package com.personalaichatbot.dr.crypto;

import static com.personalaichatbot.dr.crypto.Keys.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever text this module makes, nothing secret is in it. */
class SecretTextTest {

  private static final String CANARY = "canary-7391";

  private interface Use {
    void run() throws Exception;
  }

  @Test
  void toString_everyHolderOfASecret_isConstant() {
    try (Secret secret = Secret.ofPassphrase(CANARY.toCharArray());
        Secret other = Secret.ofBytes(new byte[99]);
        RootKey root = RootKey.of(Keys.ROOT);
        RepositoryKeys keys = Keys.repository();
        PassphraseKey derived = new PassphraseKey(null, secret);
        Sealer sealer = Keys.sealer()) {
      assertThat(derived).hasToString("PassphraseKey");
      assertThat(keys.cutHash()).hasToString("WindowHash");
      assertThat(secret).hasToString("Secret");
      assertThat(other).hasToString("Secret");
      assertThat(root).hasToString("RootKey");
      assertThat(keys).hasToString("RepositoryKeys");
      assertThat(keys.data()).hasToString("SealKey");
      assertThat(sealer).hasToString("Sealer");
    }
  }

  @Test
  void exceptions_everyDoorThatTakesASecret_doNotShowIt() throws Exception {
    Secret secret = Secret.ofPassphrase(CANARY.toCharArray());
    RootKey root = RootKey.of(Keys.ROOT);
    Derivation derivation = Derivation.of(Keys.CHEAPEST, Keys.SALT);
    KeySlot slot = KeySlot.create(
        RootKey.of(new byte[32]),
        derivation.derive(Secret.ofPassphrase("another".toCharArray())),
        new KeySlot.Label(Keys.REPOSITORY_ID, Keys.SLOT_ID, 0, new byte[0]),
        new SecureRandom());
    byte[] canary = CANARY.getBytes(StandardCharsets.US_ASCII);
    WipeableKey key = new WipeableKey("AES", canary);
    List<Use> uses = List.of(
        () -> Secret.ofPassphrase((CANARY + "\0").toCharArray()),
        () -> Secret.ofPassphrase(CANARY.repeat(1000).toCharArray()),
        () -> Secret.ofPassphrase((CANARY + "\ud800").toCharArray()),
        () -> slot.unwrap(derivation.derive(secret)),
        () -> RootKey.of(canary),
        () -> root.derive(new byte[0], 1, 1),
        () -> Keys.sealer().open(0, 0, canary, new byte[40], 0, 40, new byte[40], 0),
        () -> Keys.sealer().seal(0, canary, canary, 0, 99, new byte[0], 0),
        () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(key));
    List<String> texts = new ArrayList<>();
    for (Use use : uses) {
      try {
        use.run();
      } catch (Exception e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        texts.add(text.toString());
      }
    }
    assertThat(texts).hasSameSizeAs(uses);
    assertThat(texts)
        .allSatisfy(text -> assertThat(text)
            .doesNotContain(CANARY, hex(canary), hex(Keys.ROOT), CANARY.substring(0, 6)));
  }

  @Test
  void serialise_aKey_writesNoneOfItsBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WipeableKey key = new WipeableKey("AES", CANARY.getBytes(StandardCharsets.US_ASCII));
    try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
      objects.writeObject(key);
    } catch (IOException refused) {
      // As it should be.
    }
    assertThat(out.toString(StandardCharsets.ISO_8859_1)).doesNotContain(CANARY);
  }
}
