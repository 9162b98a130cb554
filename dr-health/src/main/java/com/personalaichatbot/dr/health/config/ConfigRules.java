package com.personalaichatbot.dr.health.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.internal.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules for a configuration, as data: keys of the {@code .env} file, places in a JSON file, a
 * JSON Schema, conversations. Immutable.
 *
 * <p>The rules of the original application's layout ship as {@link #original()}; a file of one's
 * own has the same shape (see {@code original-application.json} in the jar).
 */
public final class ConfigRules {

  private static final int MAX_BYTES = 1 << 20;

  /** The rule for the value of one key. */
  record KeyRule(
      boolean secret,
      Optional<Pattern> pattern,
      String expected,
      int minLength,
      OptionalLong minimum,
      OptionalLong maximum,
      List<String> oneOf,
      Severity severity) {}

  /** The rule for one place of a JSON file. */
  record PlaceRule(
      String at,
      String type,
      boolean required,
      OptionalLong minimum,
      OptionalLong maximum,
      Severity severity) {}

  final List<String> requiredDirectories;
  final List<String> expectedDirectories;
  final String envFile;
  final List<String> requiredKeys;
  final List<String> recommendedKeys;
  final List<String> placeholders;
  final Map<String, KeyRule> keys;
  final String configFile;
  final List<String> alsoJson;
  final List<PlaceRule> places;
  final Optional<JsonNode> schema;
  final String conversations;
  final Set<String> roles;

  private ConfigRules(JsonNode rules) {
    requiredDirectories = texts(rules.at("/directories/required"));
    expectedDirectories = texts(rules.at("/directories/expected"));
    envFile = rules.at("/env/file").asText();
    requiredKeys = texts(rules.at("/env/required"));
    recommendedKeys = texts(rules.at("/env/recommended"));
    placeholders = texts(rules.at("/env/placeholders"));
    Map<String, KeyRule> byKey = new LinkedHashMap<>();
    rules.at("/env/keys").properties().forEach(e -> byKey.put(e.getKey(), key(e.getValue())));
    keys = byKey;
    configFile = rules.at("/config/file").asText();
    alsoJson = texts(rules.at("/config/alsoJson"));
    List<PlaceRule> byPlace = new ArrayList<>();
    rules.at("/config/rules").forEach(rule -> byPlace.add(place(rule)));
    places = List.copyOf(byPlace);
    schema = Optional.of(rules.at("/config/schema")).filter(JsonNode::isObject);
    schema.ifPresent(ConfigRules::refuseRemote);
    conversations = rules.at("/conversations/directory").asText();
    roles = Set.copyOf(texts(rules.at("/conversations/roles")));
  }

  /**
   * The rules of the original application's layout.
   *
   * @return the rules that ship with the library
   */
  public static ConfigRules original() {
    try (InputStream in = ConfigRules.class.getResourceAsStream("original-application.json")) {
      return read(in);
    } catch (IOException impossible) {
      throw new UncheckedIOException("the library's own rules cannot be read", impossible);
    }
  }

  /**
   * Reads rules.
   *
   * @param json the rules, at most 1 MiB; not closed
   * @return the rules
   * @throws IOException if they cannot be read or are not JSON
   * @throws IllegalArgumentException if the schema refers to anything outside itself, or a rule
   *     makes no sense
   */
  public static ConfigRules read(InputStream json) throws IOException {
    byte[] bytes = json.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new IOException("the rules are larger than 1 MiB");
    }
    return new ConfigRules(Json.tree(bytes));
  }

  private static KeyRule key(JsonNode rule) {
    return new KeyRule(
        rule.path("secret").asBoolean(),
        rule.has("pattern")
            ? Optional.of(Pattern.compile(rule.get("pattern").asText()))
            : Optional.empty(),
        rule.path("expected").asText("another form"),
        rule.path("minLength").asInt(),
        number(rule, "minimum"),
        number(rule, "maximum"),
        texts(rule.path("oneOf")),
        severity(rule));
  }

  private static PlaceRule place(JsonNode rule) {
    String at = rule.path("at").asText();
    if (!at.startsWith("/")) {
      throw new IllegalArgumentException("a place is a JSON pointer, but was \"" + at + "\"");
    }
    return new PlaceRule(
        at,
        rule.path("type").asText(""),
        rule.path("required").asBoolean(),
        number(rule, "minimum"),
        number(rule, "maximum"),
        severity(rule));
  }

  private static Severity severity(JsonNode rule) {
    return Severity.valueOf(rule.path("severity").asText("ERROR"));
  }

  private static OptionalLong number(JsonNode rule, String field) {
    return rule.path(field).isIntegralNumber()
        ? OptionalLong.of(rule.get(field).asLong())
        : OptionalLong.empty();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return List.copyOf(texts);
  }

  /**
   * A schema that is fetched from elsewhere is somebody else's decision about our configuration.
   */
  private static void refuseRemote(JsonNode node) {
    for (String keyword : List.of("$ref", "$dynamicRef", "$recursiveRef")) {
      JsonNode reference = node.path(keyword);
      if (reference.isTextual() && !reference.asText().startsWith("#")) {
        throw new IllegalArgumentException(
            "the schema refers to something outside itself: " + reference.asText());
      }
    }
    node.forEach(ConfigRules::refuseRemote);
  }
}
