package com.personalaichatbot.dr.core.internal.compress;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Small files that have much in common, as those of a chatbot have. */
final class Conversations {

  private static final String[] WORDS =
      ("the a coffee order please name with weather in is it will be rain tomorrow"
              + " book a table for two at seven what time does the train leave thank you sorry I did not get"
              + " that could you say again")
          .split(" ");

  private Conversations() {}

  static byte[] conversation(Random random) {
    StringBuilder text =
        new StringBuilder("{\n  \"id\": \"" + random.nextLong() + "\",\n  \"messages\": [\n");
    int messages = 3 + random.nextInt(8);
    for (int i = 0; i < messages; i++) {
      text.append("    {\n      \"role\": \"").append(i % 2 == 0 ? "user" : "assistant");
      text.append("\",\n      \"content\": \"");
      for (int words = 3 + random.nextInt(12); words > 0; words--) {
        text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
      }
      text.append("\",\n      \"timestamp\": \"2026-05-").append(10 + random.nextInt(20));
      text.append("T13:49:05\",\n      \"urls\": 0,\n      \"mentions\": 0\n    },\n");
    }
    return text.append("  ]\n}\n").toString().getBytes(UTF_8);
  }

  static List<byte[]> conversations(int count, long seed) {
    Random random = new Random(seed);
    return Stream.generate(() -> conversation(random)).limit(count).toList();
  }

  /** A dictionary trained on some. */
  static Dictionary dictionary(long seed) throws CorruptDataException {
    byte[] content = DictionaryTrainer.train(conversations(400, seed)).orElseThrow();
    return new Dictionary(new KeyedId(seed, 2, 3, 4), content);
  }
}
