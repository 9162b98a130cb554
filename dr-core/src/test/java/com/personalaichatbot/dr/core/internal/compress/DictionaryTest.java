package com.personalaichatbot.dr.core.internal.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DictionaryTest {

  private static final KeyedId ID = new KeyedId(1, 2, 3, 4);

  @Test
  void constructor_keepsTheIdAndNotTheArray() throws CorruptDataException {
    byte[] content = trained();
    byte[] plain = Conversations.conversation(new Random(1));
    byte[] out = new byte[Compressor.bound(plain.length)];
    byte[] back = new byte[plain.length];
    try (Dictionary dictionary = new Dictionary(ID, content);
        Compressor compressor = new Compressor(Codec.ZSTD)) {
      Arrays.fill(content, (byte) 0);

      assertThat(dictionary.id()).isEqualTo(ID);
      int stored = compressor.compress(plain, 0, plain.length, dictionary, out, 0);
      compressor.decompress(out, 0, stored, Codec.ZSTD, dictionary, back, 0, back.length);
    }
    assertThat(back).isEqualTo(plain);
  }

  @Test
  void constructor_bytesThatAreNoDictionary_areCorrupt() {
    byte[] content = trained();
    byte[] random = new byte[5_000];
    new Random(2).nextBytes(random);
    byte[] noMagic = content.clone();
    noMagic[0] ^= 1;
    byte[] noTables = content.clone();
    Arrays.fill(noTables, 8, 100, (byte) 0xff);

    for (byte[] wrong : List.of(
        new byte[0],
        new byte[7],
        random,
        noMagic,
        noTables,
        Arrays.copyOf(content, 12),
        Arrays.copyOf(content, Dictionary.MAX_LENGTH + 1))) {
      assertThatThrownBy(() -> new Dictionary(ID, wrong))
          .as("%d bytes", wrong.length)
          .isInstanceOf(CorruptDataException.class);
    }
  }

  @Test
  void close_compressorStillOpen_isRefusedAndWorksAfterwards() throws CorruptDataException {
    Dictionary dictionary = new Dictionary(ID, trained());
    Compressor compressor = new Compressor(Codec.ZSTD);
    byte[] stored = new byte[200];
    int length = compressor.compress(new byte[100], 0, 100, dictionary, stored, 0);
    compressor.decompress(stored, 0, length, Codec.ZSTD, dictionary, new byte[100], 0, 100);

    assertThatIllegalStateException().isThrownBy(dictionary::close);
    compressor.close();
    dictionary.close();
    dictionary.close();
  }

  private static byte[] trained() {
    return DictionaryTrainer.train(Conversations.conversations(300, 1)).orElseThrow();
  }
}
