package com.personalaichatbot.dr.examples.chatbot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** A chatbot's data as it is after some weeks of use; the same for the same seed. */
final class SampleData {
  private static final LocalDateTime BEGUN = LocalDateTime.of(2026, 3, 2, 8, 0);
  private static final List<String> WISHES =
      List.of("a table", "a taxi", "two tickets", "a room", "a repair", "a coffee", "a flight");
  private static final List<String> PLACES =
      List.of("Lisbon", "Leeds", "Kyoto", "Oslo", "Graz", "Quito", "Perth", "Turin", "Ghent");
  private static final List<String> TIMES =
      List.of("tomorrow morning", "on Friday at eight", "next week", "at noon", "on the third");
  private static final List<String> DETAILS = List.of(
      "It should not cost more than last time.",
      "There will be four of us, and a dog.",
      "Please keep it quiet, away from the street.",
      "My sister recommended the one by the river.",
      "I would rather not change on the way.",
      "If that is full, anything nearby will do.",
      "Can you confirm it by mail as well?");
  private static final List<String> ANSWERS = List.of(
      "I have found one that fits. Shall I take it?",
      "That is possible, but a little later than you asked for.",
      "Noted. Is there anything that I should avoid?",
      "It is booked; the confirmation is on its way.",
      "There are two choices, and the second is closer.");

  private final Random random;

  private SampleData(long seed) {
    random = new Random(seed);
  }

  /** Writes a whole data directory. */
  static void write(DataDirectory data, int conversations, long seed) throws IOException {
    new SampleData(seed).write(data, conversations);
  }

  private void write(DataDirectory data, int conversations) throws IOException {
    Settings.initial().write(data);
    Secrets.write(data, random);
    data.replace(data.state(), "{\"operation\":{\"status\":\"idle\"}}");
    Files.createDirectories(data.active());
    Files.createDirectories(data.archived());
    for (int i = 0; i < conversations; i++) {
      Conversation conversation = conversation(BEGUN.plusMinutes(97L * i));
      var directory = i % 10 == 0 ? data.archived() : data.active();
      Files.writeString(
          directory.resolve(conversation.id() + ".json"),
          conversation.toJson(),
          StandardCharsets.UTF_8);
    }
  }

  private Conversation conversation(LocalDateTime begun) {
    UUID id = new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | 1L << 63);
    String wish = "I need " + any(WISHES) + " in " + any(PLACES) + " " + any(TIMES) + ".";
    Conversation conversation =
        Conversation.begin(id, new Conversation.Message("user", wish, begun));
    int turns = 2 + random.nextInt(12);
    for (int i = 1; i <= turns; i++) {
      String text = i % 2 == 1 ? any(ANSWERS) : any(DETAILS) + " " + any(DETAILS);
      String role = i % 2 == 1 ? "assistant" : "user";
      LocalDateTime time = conversation.updated().plusSeconds(5 + random.nextInt(90));
      conversation = conversation.with(new Conversation.Message(role, text, time));
    }
    return conversation;
  }

  private String any(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }
}
