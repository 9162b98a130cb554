package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.personalaichatbot.dr.health.security.HardeningPlan;
import com.personalaichatbot.dr.health.security.PermissionChange;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The record of what was or will be hardened, one change a line, so that a later run can undo it.
 * It is written and durable before the first change is made; a change that was not made after all
 * is no longer as planned when it is undone, and is left alone then.
 */
final class HardeningRecord {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Remembered remembered;

  HardeningRecord(Remembered remembered) {
    this.remembered = remembered;
  }

  /** Adds changes that are about to be made. */
  void add(List<PermissionChange> changes) throws IOException {
    if (changes.isEmpty()) {
      return;
    }
    StringBuilder lines = new StringBuilder("\n"); // Ends a line that a crash tore.
    for (PermissionChange change : changes) {
      lines
          .append(JSON.createObjectNode()
              .put("path", change.path().toUri().toString())
              .put("from", change.from())
              .put("to", change.to()))
          .append('\n');
    }
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines.toString());
    try (FileChannel channel = FileChannel.open(
        file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** The plan that puts everything back, the last change first. */
  HardeningPlan undo(Path data) throws IOException {
    if (Files.notExists(file())) {
      throw new CommandException(
          Names.of(data),
          Names.of(data) + ": there is nothing to undo",
          "Nothing was hardened by this user and state directory, or it was undone.");
    }
    List<PermissionChange> back = new ArrayList<>();
    for (String line : Files.readAllLines(file())) {
      change(line)
          .ifPresent(
              change -> back.add(new PermissionChange(change.path(), change.to(), change.from())));
    }
    Collections.reverse(back);
    return HardeningPlan.of(data.toRealPath(), back);
  }

  /** The change of a line; of a torn one nothing was made. */
  private static Optional<PermissionChange> change(String line) throws IOException {
    try {
      JsonNode change = JSON.readTree(line);
      return change.hasNonNull("to")
          ? Optional.of(new PermissionChange(
              Path.of(URI.create(change.path("path").asText())),
              change.path("from").asText(),
              change.get("to").asText()))
          : Optional.empty();
    } catch (JsonProcessingException torn) {
      return Optional.empty();
    } catch (IllegalArgumentException | FileSystemNotFoundException foreign) {
      throw new IOException("a line of what was hardened is damaged: " + line, foreign);
    }
  }

  /** Forgets all of it. */
  void clear() throws IOException {
    Files.deleteIfExists(file());
  }

  private Path file() throws IOException {
    return remembered.file("hardened");
  }
}
