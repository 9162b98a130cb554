package com.personalaichatbot.dr.examples.benchmark;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The data of a chatbot, made from a seed: of its bytes 60 % are conversations in small files, 15 %
 * large JSON exports, 15 % a message store in pages, and 10 % attachments that do not compress.
 */
final class SampleData {
  private static final long SEED = 20_260_101;

  private final Path directory;
  private final int conversationBytes;
  private final Random random = new Random(SEED);
  private final Prose prose = new Prose(random);
  private LocalDateTime time = LocalDateTime.of(2026, 1, 1, 8, 0);

  /** Data below this directory, with conversations of about so many bytes. */
  SampleData(Path directory, int conversationBytes) {
    this.directory = directory;
    this.conversationBytes = conversationBytes;
  }

  /** Makes about {@code bytes} of it. */
  void make(long bytes) throws IOException {
    conversations(bytes * 60 / 100);
    exports(bytes * 15 / 100);
    new MessageStore(directory.resolve("state/messages.db"), random, prose).make(bytes * 15 / 100);
    attachments(bytes * 10 / 100);
  }

  /** Makes so many conversations and nothing else. */
  void makeConversations(int files) throws IOException {
    for (int i = 0; i < files; i++) {
      writeConversation();
    }
  }

  private void conversations(long bytes) throws IOException {
    for (long written = 0; written < bytes; ) {
      written += writeConversation();
    }
  }

  private int writeConversation() throws IOException {
    UUID id = new UUID(random.nextLong(), random.nextLong());
    Path folder = Files.createDirectories(directory
        .resolve(random.nextInt(10) < 7 ? "conversations/archived" : "conversations/active")
        .resolve(id.toString().substring(0, 2)));
    byte[] text = conversation(id);
    Files.write(folder.resolve(id + ".json"), text);
    return text.length;
  }

  /** A conversation; its length is log-normal around the average. */
  private byte[] conversation(UUID id) {
    double target = conversationBytes * 0.8 * Math.exp(0.7 * random.nextGaussian());
    StringBuilder out = new StringBuilder();
    out.append("{\n  \"id\": \"").append(id).append("\",\n  \"title\": \"");
    prose.appendSentence(out);
    out.append("\",\n  \"messages\": [\n");
    do {
      message(out, "user", 1 + random.nextInt(3));
      out.append(",\n");
      message(out, "assistant", 2 + random.nextInt(8));
      out.append(out.length() < target ? ",\n" : "\n");
    } while (out.length() < target);
    return out.append("  ]\n}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private void message(StringBuilder out, String role, int sentences) {
    time = time.plusSeconds(1 + random.nextInt(90));
    out.append("    {\n      \"role\": \"").append(role).append("\",\n      \"content\": \"");
    int begin = out.length();
    for (int i = 0; i < sentences; i++) {
      out.append(i == 0 ? "" : " ");
      prose.appendSentence(out);
    }
    int length = out.length() - begin;
    out.append("\",\n      \"metadata\": { \"length\": ").append(length);
    out.append(", \"timestamp\": \"").append(time).append("\" }\n    }");
  }

  private void exports(long bytes) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("exports"));
    int files = 4;
    for (int i = 0; i < files; i++) {
      try (OutputStream out = new BufferedOutputStream(
          Files.newOutputStream(folder.resolve("export-" + i + ".json")))) {
        for (long written = 0; written < bytes / files; ) {
          byte[] text = conversation(new UUID(random.nextLong(), random.nextLong()));
          out.write(text);
          written += text.length;
        }
      }
    }
  }

  private void attachments(long bytes) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("attachments"));
    int number = 0;
    for (long written = 0; written < bytes; ) {
      byte[] content = new byte[(20 << 10) + random.nextInt(2 << 20)];
      random.nextBytes(content);
      Files.write(folder.resolve("image-" + number++ + ".jpg"), content);
      written += content.length;
    }
  }

  /** Changes one small file in so many, others in each round: a message more at its end. */
  void changeOneIn(int many, int round) throws IOException {
    List<Path> small = new ArrayList<>();
    for (Path file : files(directory)) {
      if (Files.size(file) < 64 << 10) {
        small.add(file);
      }
    }
    StringBuilder more = new StringBuilder();
    for (int i = round % many; i < small.size(); i += many) {
      more.setLength(0);
      message(more, "user", 3);
      Files.writeString(small.get(i), more, StandardOpenOption.APPEND);
    }
  }

  /** The regular files below a directory, in the order of their names. */
  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** The bytes of all files below a directory. */
  static long bytes(Path directory) throws IOException {
    long bytes = 0;
    for (Path file : files(directory)) {
      bytes += Files.size(file);
    }
    return bytes;
  }
}
