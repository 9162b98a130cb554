package com.personalaichatbot.dr.examples.chatbot;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Random;

/** The keys of a new installation. This chatbot asks no provider, so its key is made up as well. */
final class Secrets {
  private static final int BYTES = 32;

  private Secrets() {}

  /** Writes them; where they matter, the random numbers are fit for cryptography. */
  static void write(DataDirectory data, Random random) throws IOException {
    data.replace(data.secrets(), make(random));
  }

  /** New ones, as lines of {@code .env}. */
  static String make(Random random) {
    String lines = """
        OPENROUTER_API_KEY=sk-or-v1-%s
        SECRET_KEY=%s
        ENCRYPTION_KEY=%s
        APP_HOST=127.0.0.1
        APP_PORT=7860
        LOG_LEVEL=INFO
        """;
    return lines.formatted(any(random), any(random), any(random));
  }

  private static String any(Random random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
