package com.personalaichatbot.dr.core.internal.engine.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The facts known of an archive before it is opened: from its name, and from the metadata that two
 * of the three backup systems of the original application put beside theirs. (The third says it in
 * the archive, see {@link ImportLayout}.)
 *
 * @param zone of times that name none
 * @param type what the Python tool calls the backup (full, incremental, config); else empty
 * @param created when it was made; empty if that is not known
 * @param sha256 of its bytes, 64 hexadecimal digits; empty if nobody recorded it
 * @param contents what it holds according to its metadata
 * @param notes what was found out on the way
 */
record ArchiveOrigin(
    ZoneId zone,
    String type,
    Optional<Instant> created,
    Optional<String> sha256,
    List<String> contents,
    List<String> notes) {

  private static final Pattern PYTHON =
      Pattern.compile("((full|incremental|config)_backup_(\\d{8}_\\d{6}))\\.tar\\.gz");
  private static final Pattern IN_PROCESS = Pattern.compile(".+_(\\d{8}_\\d{6})");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern(
          "uuuuMMdd_HHmmss", Locale.ROOT)
      .withResolverStyle(ResolverStyle.STRICT);
  private static final int MAX_METADATA = 64 << 20;
  private static final int MAX_CONTENTS = 1_000_000;
  private static final JsonFactory JSON = JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxDocumentLength(MAX_METADATA)
          .maxNestingDepth(200)
          .build())
      .build();

  /** Looks at an archive from outside; times without a zone are of this one. */
  static ArchiveOrigin of(Path archive, ZoneId zone) throws IOException {
    Path file = archive.toAbsolutePath();
    Matcher python = PYTHON.matcher(file.getFileName().toString());
    if (python.matches()) {
      for (String ending : List.of(".tar.metadata.json", ".metadata.json")) {
        Path metadata = file.resolveSibling(python.group(1) + ending);
        if (!Files.notExists(metadata)) {
          return described(metadata, python.group(2), python.group(3), zone);
        }
      }
      return new ArchiveOrigin(
          zone,
          python.group(2),
          stamp(python.group(3), zone),
          Optional.empty(),
          List.of(),
          List.of("no metadata lies beside it, so no checksum could be compared"));
    }
    Path directory = file.getParent();
    Path name = directory == null ? null : directory.getFileName();
    Matcher inProcess = IN_PROCESS.matcher(String.valueOf(name));
    if (name != null
        && inProcess.matches()
        && !Files.notExists(directory.resolve("metadata.json"))) {
      return described(directory.resolve("metadata.json"), "", inProcess.group(1), zone);
    }
    return new ArchiveOrigin(zone, "", Optional.empty(), Optional.empty(), List.of(), List.of());
  }

  private static ArchiveOrigin described(Path file, String type, String stamp, ZoneId zone) {
    List<String> notes = new ArrayList<>();
    Metadata metadata = new Metadata();
    try {
      metadata = read(file);
    } catch (IOException e) {
      notes.add("its metadata, " + file.getFileName() + ", cannot be read");
    }
    boolean hasChecksum = HASH.matcher(metadata.checksum).matches();
    if (!type.isEmpty() && !hasChecksum) {
      notes.add("its metadata records no checksum that could be compared");
    }
    Optional<Instant> created = time(metadata.created, zone);
    return new ArchiveOrigin(
        zone,
        type,
        created.isPresent() ? created : stamp(stamp, zone),
        hasChecksum ? Optional.of(metadata.checksum) : Optional.empty(),
        metadata.contents,
        notes);
  }

  /** Fields of the metadata that matter here. */
  private static final class Metadata {
    private String checksum = "";
    private String created = "";
    private final List<String> contents = new ArrayList<>();
  }

  /** Reads the file as a stream: as a tree, 64 MiB of brackets would take 2 GB of memory. */
  private static Metadata read(Path file) throws IOException {
    Metadata metadata = new Metadata();
    try (InputStream in = Files.newInputStream(file);
        JsonParser parser = JSON.createParser(in)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("it is no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "checksum" -> metadata.checksum = parser.getValueAsString("");
          case "created_at" -> metadata.created = parser.getValueAsString("");
          case "contents" -> readContents(parser, metadata.contents);
          default -> {
            // Everything else is of no use here.
          }
        }
        parser.skipChildren();
      }
    }
    return metadata;
  }

  private static void readContents(JsonParser parser, List<String> contents) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      contents.add(parser.getValueAsString(""));
      parser.skipChildren();
      if (contents.size() > MAX_CONTENTS) {
        throw new IOException("it lists more than " + MAX_CONTENTS + " entries");
      }
    }
  }

  /** A time as names of archives have it; empty if it is not one. */
  static Optional<Instant> stamp(String stamp, ZoneId zone) {
    try {
      return Optional.of(LocalDateTime.parse(stamp, STAMP).atZone(zone).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> time(String text, ZoneId zone) {
    try {
      return Optional.of(LocalDateTime.parse(text).atZone(zone).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
