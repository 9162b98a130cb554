package com.personalaichatbot.dr.health.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.personalaichatbot.dr.health.internal.file.UnicodeText;
import java.io.IOException;

/**
 * The one parser and writer of this module: a depth of 200, each key once, nothing after the value,
 * and never a text of the input in a message.
 */
public final class Json {

  /** For streaming. */
  public static final JsonFactory FACTORY = JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(200)
          .maxStringLength(20_000_000)
          .build())
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
      .build();

  /** For trees. */
  public static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

  private Json() {}

  /**
   * A parser of a text, of which it passes over the byte order mark.
   *
   * @throws UnicodeText.NotUtf8Exception if it is in UTF-16 or UTF-32, which Jackson would read and
   *     most applications would not
   */
  public static JsonParser parser(byte[] text) throws IOException {
    int mark = UnicodeText.requireUtf8(text);
    return FACTORY.createParser(text, mark, text.length - mark);
  }

  /**
   * The tree of a text.
   *
   * @throws IOException if it is not JSON in UTF-8; an empty text is not JSON either
   */
  public static JsonNode tree(byte[] text) throws IOException {
    UnicodeText.requireUtf8(text);
    JsonNode tree;
    try {
      tree = MAPPER.readTree(text);
    } catch (NumberFormatException e) {
      // Jackson lets it through for an exponent that no BigDecimal has.
      throw new IOException("a number is out of bounds", e);
    }
    if (tree == null || tree.isMissingNode()) {
      throw new IOException("the file is empty");
    }
    return tree;
  }

  /** What is wrong, without quoting the input, which may be a secret. */
  public static String problem(IOException failure) {
    if (!(failure instanceof JsonProcessingException json)) {
      return String.valueOf(failure.getMessage());
    }
    JsonLocation location = json.getLocation();
    boolean limit = failure.getClass().getSimpleName().startsWith("StreamConstraints");
    boolean end = failure.getClass().getSimpleName().contains("EOF");
    boolean twice = String.valueOf(json.getOriginalMessage()).startsWith("Duplicate field");
    String what = limit
        ? "nested too deeply or a value is too long"
        : end ? "it ends too early" : twice ? "a key is twice in one object" : "not valid JSON";
    return location == null || location.getLineNr() < 1
        ? what
        : what + ", at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  /** The line of the mistake, or 0. */
  public static int line(IOException failure) {
    return failure instanceof JsonProcessingException json && json.getLocation() != null
        ? Math.max(0, json.getLocation().getLineNr())
        : 0;
  }
}
