package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.crypto.KdfParameters;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs the tool in this process, on a repository of its own and without anything of the machine.
 */
final class Tool {
  static final String PASSPHRASE = "correct-horse";

  final Path directory;
  final Path repository;
  final Path source;
  final Map<String, String> environment = new HashMap<>();
  Prompt person = Prompt.NOBODY;

  /** A tool that knows a repository, which is not made yet, and a source with three files. */
  Tool(Path directory) throws IOException {
    this.directory = directory;
    this.repository = directory.resolve("repository");
    this.source = directory.resolve("source");
    environment.put("DR_REPO", repository.toString());
    environment.put("DR_PASSPHRASE", PASSPHRASE);
    environment.put("XDG_STATE_HOME", directory.resolve("state").toString());
    write("config/app.json", "{}");
    write("chats/active/1.json", "hello");
    write("chats/é.json", "héllo");
  }

  /**
   * The result of a run.
   *
   * @param exit its exit code
   * @param out standard output
   * @param err standard error
   */
  record Result(int exit, String out, String err) {
    /** The one JSON object on standard output. */
    JsonNode json() throws IOException {
      assertThat(out).as("standard output, with %s on standard error", err).isNotEmpty();
      assertThat(out.chars()).allMatch(c -> c < 128);
      assertThat(out.strip().lines()).hasSize(1);
      return new ObjectMapper().readTree(out);
    }

    /** The same, if the exit code is as expected. */
    Result exits(int expected) {
      assertThat(exit).as("exit code; %s%s", out, err).isEqualTo(expected);
      return this;
    }
  }

  Result run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Result result = runInto(out, arguments);
    return new Result(result.exit, out.toString(StandardCharsets.UTF_8), result.err);
  }

  /** Runs it with another standard output. */
  Result runInto(OutputStream out, String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Dr dr = new Dr(environment, out, err, new Interruption(Thread.currentThread()));
    dr.person = person;
    int exit = dr.run(arguments);
    return new Result(exit, "", err.toString(StandardCharsets.UTF_8));
  }

  /** Makes the repository, with a key slot that costs as little as may be. */
  Tool init() throws IOException {
    try (Secret secret = Secret.ofPassphrase(PASSPHRASE.toCharArray())) {
      BackupRepository.builder(LocalStorage.at(repository))
          .kdf(new KdfParameters(KdfParameters.MIN_MEMORY_KIB, KdfParameters.MIN_ITERATIONS, 1))
          .create(secret)
          .close();
    }
    return this;
  }

  /** Backs up both components and returns the snapshot's id. */
  String backup() throws IOException {
    return run(
            "backup",
            "--json",
            "--component",
            "config=" + source.resolve("config"),
            "--component",
            "conversations:chats=" + source.resolve("chats"))
        .exits(0)
        .json()
        .get("snapshot")
        .asText();
  }

  void write(String name, String text) throws IOException {
    Path file = source.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  String read(String name) throws IOException {
    return Files.readString(source.resolve(name));
  }

  /** The files below a directory of the repository. */
  List<Path> files(String below) throws IOException {
    try (Stream<Path> files = Files.walk(repository.resolve(below))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
