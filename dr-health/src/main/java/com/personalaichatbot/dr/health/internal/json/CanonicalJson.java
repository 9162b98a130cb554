package com.personalaichatbot.dr.health.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A tree as one text: keys in order, no blanks. The original application's checksums are of such a
 * text.
 */
public final class CanonicalJson {

  private CanonicalJson() {}

  /**
   * The checksums, in hexadecimal, that a tree may have: with characters beyond ASCII escaped, and
   * as they are.
   */
  public static Set<String> sha256(JsonNode tree) {
    return Set.copyOf(List.of(hash(text(tree, true)), hash(text(tree, false))).stream()
        .distinct()
        .toList());
  }

  private static String hash(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  static String text(JsonNode tree, boolean ascii) {
    StringBuilder out = new StringBuilder();
    write(tree, ascii, out);
    return out.toString();
  }

  private static void write(JsonNode node, boolean ascii, StringBuilder out) {
    if (node.isObject()) {
      Set<String> keys = new TreeSet<>();
      node.fieldNames().forEachRemaining(keys::add);
      String separator = "{";
      for (String key : keys) {
        out.append(separator);
        string(key, ascii, out);
        write(node.get(key), ascii, out.append(':'));
        separator = ",";
      }
      out.append(keys.isEmpty() ? "{}" : "}");
    } else if (node.isArray()) {
      String separator = "[";
      for (JsonNode element : node) {
        write(element, ascii, out.append(separator));
        separator = ",";
      }
      out.append(node.isEmpty() ? "[]" : "]");
    } else if (node.isTextual()) {
      string(node.textValue(), ascii, out);
    } else {
      out.append(node.asText());
    }
  }

  /** Escapes as the original application's writer does: hexadecimal digits in lower case. */
  private static void string(String text, boolean ascii, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int escape = "\"\\\n\r\t\b\f".indexOf(c);
      if (escape >= 0) {
        out.append('\\').append("\"\\nrtbf".charAt(escape));
      } else if (c < ' ' || (ascii && c > '~')) {
        out.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
