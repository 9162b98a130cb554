package com.personalaichatbot.dr.core.internal.engine.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord.ComponentRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The comment in archives of ours, which other tools pass over: when the data was taken, and of
 * which kind the components are. Where a component came from is not in it: whoever made the archive
 * could choose where an import is restored to.
 *
 * @param taken when the oldest of it was taken; empty if that is not known
 * @param kinds of the components by their names
 */
record ArchiveComment(Optional<Instant> taken, Map<String, Kind> kinds) {
  static final ArchiveComment NONE = new ArchiveComment(Optional.empty(), Map.of());

  private static final String FORMAT = "com.personalaichatbot.dr";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The comment of an archive that holds these components. */
  static String of(Instant taken, List<ComponentRecord> components) {
    ObjectNode comment = JSON.createObjectNode();
    comment.put("format", FORMAT).put("taken", taken.toString());
    ObjectNode kinds = comment.putObject("components");
    components.forEach(c -> kinds.put(c.name(), Kind.values()[c.kind()].name()));
    return comment.toString();
  }

  /** What a comment says; nothing if it is somebody else's. */
  static ArchiveComment parse(String comment) {
    try {
      JsonNode json = JSON.readTree(comment);
      if (!json.path("format").asText().equals(FORMAT)) {
        return NONE;
      }
      Map<String, Kind> kinds = new TreeMap<>();
      for (Map.Entry<String, JsonNode> one : json.path("components").properties()) {
        kinds.put(one.getKey(), Kind.valueOf(one.getValue().asText()));
      }
      return new ArchiveComment(Optional.of(Instant.parse(json.path("taken").asText())), kinds);
    } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
      return NONE;
    }
  }
}
