package com.personalaichatbot.dr.health.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.config.ConfigRules.PlaceRule;
import com.personalaichatbot.dr.health.internal.file.BoundedFile;
import com.personalaichatbot.dr.health.internal.file.Findings;
import com.personalaichatbot.dr.health.internal.file.OwnLocks;
import com.personalaichatbot.dr.health.internal.file.UnicodeText;
import com.personalaichatbot.dr.health.internal.json.Json;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Judges the JSON settings by the rules, and by the schema where a validator is available. */
final class SettingsCheck {

  private static final int MAX_BYTES = 1 << 20;

  private final Path data;
  private final ConfigRules rules;
  private final Findings findings;

  SettingsCheck(Path data, ConfigRules rules, Findings findings) {
    this.data = data;
    this.rules = rules;
    this.findings = findings;
  }

  void run() {
    Path file = data.resolve(rules.configFile);
    read(file, true).ifPresent(bytes -> judge(file, bytes));
    for (String name : rules.alsoJson) {
      read(data.resolve(name), false).ifPresent(bytes -> tree(data.resolve(name), bytes));
    }
  }

  private Optional<byte[]> read(Path file, boolean required) {
    try {
      return Optional.of(BoundedFile.read(file, MAX_BYTES));
    } catch (NoSuchFileException missing) {
      if (required || Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        error("CONFIG_MISSING", file, 0, "is missing", "restore it from a backup");
      }
    } catch (OwnLocks.InUseException locked) {
      findings.add(Severity.INFO, "IN_USE", file, "was not looked at: " + locked.getReason(), "");
    } catch (IOException failure) {
      String why =
          failure instanceof java.nio.file.FileSystemException system && system.getReason() != null
              ? system.getReason()
              : failure.getClass().getSimpleName();
      String action = failure instanceof AccessDeniedException
          ? "check its mode and owner"
          : "put the right file there";
      error("CONFIG_UNREADABLE", file, 0, "cannot be read: " + why, action);
    }
    return Optional.empty();
  }

  private Optional<JsonNode> tree(Path file, byte[] bytes) {
    try {
      JsonNode tree = Json.tree(bytes);
      if (UnicodeText.requireUtf8(bytes) > 0) {
        findings.add(
            Severity.WARNING,
            "CONFIG_BOM",
            file,
            1,
            "begins with a byte order mark, which not every reader of JSON takes",
            "save it without");
      }
      return Optional.of(tree);
    } catch (UnicodeText.NotUtf8Exception other) {
      error("CONFIG_BROKEN", file, 1, "is " + other.getMessage(), other.action());
      return Optional.empty();
    } catch (IOException broken) {
      String action = "repair it or restore it from a backup";
      error("CONFIG_BROKEN", file, Json.line(broken), Json.problem(broken), action);
      return Optional.empty();
    }
  }

  private void judge(Path file, byte[] bytes) {
    Optional<JsonNode> tree = tree(file, bytes);
    if (tree.isEmpty()) {
      return;
    }
    Map<String, Integer> lines = lines(bytes);
    Set<String> told = new HashSet<>();
    for (PlaceRule rule : rules.places) {
      violation(tree.get(), rule).ifPresent(message -> {
        told.add(rule.at());
        int line = lines.getOrDefault(rule.at(), 0);
        String text = name(rule.at()) + " " + message;
        findings.add(rule.severity(), "CONFIG_VALUE", file, line, text, "correct it");
      });
    }
    if (rules.schema.isPresent()) {
      schema(file, tree.get(), lines, told);
    }
  }

  private static Optional<String> violation(JsonNode tree, PlaceRule rule) {
    JsonNode node = tree.at(rule.at());
    if (node.isMissingNode()) {
      boolean parentThere = !tree.at(JsonPointer.compile(rule.at()).head()).isMissingNode();
      return rule.required() && parentThere ? Optional.of("is required") : Optional.empty();
    }
    boolean typed = switch (rule.type()) {
      case "object" -> node.isObject();
      case "string" -> node.isTextual() && !node.asText().isBlank();
      case "integer" -> node.isIntegralNumber() && node.canConvertToLong();
      case "boolean" -> node.isBoolean();
      default -> true;
    };
    if (!typed) {
      return Optional.of("must be of the type " + rule.type() + " and not empty");
    }
    boolean low = rule.minimum().isPresent() && node.asLong() < rule.minimum().getAsLong();
    boolean high = rule.maximum().isPresent() && node.asLong() > rule.maximum().getAsLong();
    return low
        ? Optional.of("must be at least " + rule.minimum().getAsLong())
        : high ? Optional.of("must be at most " + rule.maximum().getAsLong()) : Optional.empty();
  }

  private void schema(Path file, JsonNode tree, Map<String, Integer> lines, Set<String> told) {
    try {
      for (SchemaCheck.Violation violation : SchemaCheck.run(rules.schema.get(), tree)) {
        if (told.add(violation.at())) {
          int line = lines.getOrDefault(violation.at(), 0);
          String text =
              name(violation.at()) + " breaks \"" + violation.keyword() + "\" of the schema";
          error("CONFIG_SCHEMA", file, line, text, "correct it");
        }
      }
    } catch (NoClassDefFoundError absent) {
      findings.add(
          Severity.INFO,
          "SCHEMA_NOT_CHECKED",
          file,
          "the JSON Schema was not applied, the other rules were",
          "add com.networknt:json-schema-validator to the class path");
    }
  }

  private static String name(String pointer) {
    return pointer.isEmpty() ? "the whole" : pointer.substring(1).replace('/', '.');
  }

  /** Where each value is. */
  private static Map<String, Integer> lines(byte[] bytes) {
    Map<String, Integer> lines = new HashMap<>();
    try (JsonParser parser = Json.parser(bytes)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        String pointer = parser.getParsingContext().pathAsPointer().toString();
        lines.putIfAbsent(pointer, parser.currentTokenLocation().getLineNr());
      }
    } catch (IOException impossible) {
      // It was parsed a moment ago; without lines the findings are still right.
      lines.clear();
    }
    return lines;
  }

  private void error(String code, Path file, int line, String message, String action) {
    findings.add(Severity.ERROR, code, file, line, message, action);
  }
}
