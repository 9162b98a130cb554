package com.personalaichatbot.dr.core.internal.compress;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DictionaryTrainerTest {

  @Test
  void train_filesAlike_halvesOthersLikeThem() throws CorruptDataException {
    byte[] content =
        DictionaryTrainer.train(Conversations.conversations(300, 1)).orElseThrow();

    assertThat(content).hasSizeBetween(10_000, Dictionary.MAX_LENGTH);
    List<byte[]> others = Conversations.conversations(300, 2);
    try (Dictionary dictionary = new Dictionary(new KeyedId(1, 2, 3, 4), content)) {
      assertThat(stored(others, dictionary)).isLessThan(stored(others, null) / 2);
    }
  }

  private static int stored(List<byte[]> files, Dictionary dictionary) {
    int sum = 0;
    try (Compressor compressor = new Compressor(Codec.ZSTD)) {
      for (byte[] file : files) {
        byte[] out = new byte[Compressor.bound(file.length)];
        sum += compressor.compress(file, 0, file.length, dictionary, out, 0);
      }
    }
    return sum;
  }

  @Test
  void train_manySamples_dictionaryKeepsItsLimit() {
    List<byte[]> samples = Conversations.conversations(1_200, 3);
    assertThat(samples.stream().mapToInt(s -> s.length).sum())
        .isGreaterThan(8 * Dictionary.MAX_LENGTH);

    assertThat(DictionaryTrainer.train(samples).orElseThrow())
        .hasSizeBetween(50_000, Dictionary.MAX_LENGTH);
  }

  @Test
  void train_sameSamples_sameDictionary() {
    List<byte[]> samples = Conversations.conversations(200, 4);

    assertThat(DictionaryTrainer.train(samples).orElseThrow())
        .isEqualTo(DictionaryTrainer.train(samples).orElseThrow());
  }

  @Test
  void train_fewSamples_isEmpty() {
    assertThat(DictionaryTrainer.train(List.of())).isEmpty();
    assertThat(DictionaryTrainer.train(Conversations.conversations(63, 5))).isEmpty();
    assertThat(DictionaryTrainer.train(Conversations.conversations(64, 5))).isPresent();
  }

  @Test
  void train_samplesOfNextToNothing_isEmpty() {
    assertThat(DictionaryTrainer.train(Collections.nCopies(500, new byte[0]))).isEmpty();
    assertThat(DictionaryTrainer.train(Collections.nCopies(500, new byte[4]))).isEmpty();
    assertThat(DictionaryTrainer.train(Collections.nCopies(5_000, new byte[7]))).isEmpty();
  }

  @Test
  void train_emptyFilesAmongOthers_trainsOnTheOthers() {
    List<byte[]> samples = new ArrayList<>(Conversations.conversations(300, 6));
    for (int i = 0; i < samples.size(); i += 3) {
      samples.set(i, new byte[0]);
    }
    assertThat(DictionaryTrainer.train(samples)).isPresent();
  }

  @Test
  void train_nothingInCommon_isEmpty() {
    Random random = new Random(7);
    List<byte[]> noise = Stream.generate(() -> {
          byte[] sample = new byte[2_000];
          random.nextBytes(sample);
          return sample;
        })
        .limit(300)
        .toList();

    assertThat(DictionaryTrainer.train(noise)).isEmpty();
  }
}
