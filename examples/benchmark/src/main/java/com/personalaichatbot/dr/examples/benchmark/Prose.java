package com.personalaichatbot.dr.examples.benchmark;

import java.util.Random;

/**
 * Text that compresses about as the conversations of a chatbot do: words of a made-up language,
 * each as frequent as its rank allows (Zipf), and sentences of which many come again, because
 * people and bots repeat themselves. The same seed gives the same text.
 */
final class Prose {
  private static final int WORDS = 12_000;
  private static final int STOCK = 1_500;
  private static final int DRAWS = 1 << 16;
  private static final String[] ONSETS =
      "b c d f g h l m n p r s t v w st tr ch sh th pr br gr pl".split(" ");
  private static final String[] VOWELS = "a e i o u ea ou ai".split(" ");
  private static final String[] CODAS = {"", "", "", "n", "r", "s", "t", "l", "nd", "st", "ng"};

  private final Random random;
  private final String[] draws = new String[DRAWS];
  private final String[] stock = new String[STOCK];

  Prose(Random random) {
    this.random = random;
    String[] words = new String[WORDS];
    double total = 0;
    for (int i = 0; i < WORDS; i++) {
      words[i] = newWord(1 + Math.min(3, (int) (Math.log(i + 1) / 2.7)));
      total += 1 / (i + 2.7);
    }
    int filled = 0;
    double sum = 0;
    for (int i = 0; i < WORDS; i++) {
      sum += 1 / (i + 2.7);
      for (int end = (int) Math.round(sum / total * DRAWS); filled < end; filled++) {
        draws[filled] = words[i];
      }
    }
    for (int i = 0; i < STOCK; i++) {
      StringBuilder sentence = new StringBuilder();
      appendFresh(sentence);
      stock[i] = sentence.toString();
    }
  }

  private String newWord(int syllables) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < syllables; i++) {
      word.append(any(ONSETS)).append(any(VOWELS)).append(any(CODAS));
    }
    return word.toString();
  }

  private String any(String[] parts) {
    return parts[random.nextInt(parts.length)];
  }

  /** Appends one sentence, new or known. */
  void appendSentence(StringBuilder out) {
    if (random.nextInt(100) < 40) {
      double skewed = random.nextDouble();
      out.append(stock[(int) (skewed * skewed * STOCK)]);
    } else {
      appendFresh(out);
    }
  }

  private void appendFresh(StringBuilder out) {
    int begin = out.length();
    int words = 4 + random.nextInt(14);
    for (int i = 0; i < words; i++) {
      out.append(draws[random.nextInt(DRAWS)]).append(i + 1 < words ? ' ' : '.');
    }
    out.setCharAt(begin, Character.toUpperCase(out.charAt(begin)));
  }
}
