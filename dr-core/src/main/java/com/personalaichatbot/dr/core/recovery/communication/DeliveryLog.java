package com.personalaichatbot.dr.core.recovery.communication;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.internal.store.DurableFile;
import com.personalaichatbot.dr.core.storage.NotRegularFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deliveries that are known, in a file that is replaced whole. It holds no text of a message
 * and no address. What cannot be read is put aside and started again: a message may then be sent
 * twice, but none is left out.
 */
final class DeliveryLog {
  private static final Logger log = LoggerFactory.getLogger(DeliveryLog.class);
  private static final Duration KEPT = Duration.ofDays(400);
  private static final long MOST_BYTES = 1L << 30;
  private static final JsonMapper MAPPER = new JsonMapper();

  private final Path file;

  DeliveryLog(Path file) {
    this.file = file;
  }

  List<Delivery> read() throws IOException {
    byte[] bytes;
    try {
      bytes = DurableFile.read(file, MOST_BYTES);
    } catch (NoSuchFileException e) {
      return new ArrayList<>();
    } catch (NotRegularFileException e) {
      return putAside();
    }
    try {
      List<Delivery> deliveries = new ArrayList<>();
      for (JsonNode one : MAPPER.readTree(bytes).required("deliveries")) {
        deliveries.add(delivery(one));
      }
      return deliveries;
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      return putAside();
    }
  }

  private List<Delivery> putAside() throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".unreadable");
    Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    log.warn(
        "Cannot read the record of messages; it was moved to {}, and a message may be sent twice",
        aside);
    return new ArrayList<>();
  }

  private static Delivery delivery(JsonNode one) {
    String sent = one.required("sent").asText();
    return new Delivery(
        one.required("incident").asText(),
        Stage.valueOf(one.required("stage").asText()),
        Audience.valueOf(one.required("audience").asText()),
        one.required("channel").asText(),
        Instant.parse(one.required("due").asText()),
        one.required("attempts").asInt(),
        sent.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(sent)),
        Instant.parse(one.required("next").asText()),
        one.required("problem").asText());
  }

  /** Writes those that are not too old, durably. */
  void write(List<Delivery> deliveries, Instant now) throws IOException {
    ObjectNode root = MAPPER.createObjectNode();
    ArrayNode array = root.putArray("deliveries");
    for (Delivery one : deliveries) {
      if (one.due().isAfter(now.minus(KEPT))) {
        array
            .addObject()
            .put("incident", one.incident())
            .put("stage", one.stage().name())
            .put("audience", one.audience().name())
            .put("channel", one.channel())
            .put("due", one.due().toString())
            .put("attempts", one.attempts())
            .put("sent", one.sent().map(Instant::toString).orElse(""))
            .put("next", one.next().toString())
            .put("problem", one.problem());
      }
    }
    Files.createDirectories(file.getParent());
    DurableFile.replace(file, MAPPER.writeValueAsBytes(root), DurableFile.OWNER);
  }
}
