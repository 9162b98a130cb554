package com.personalaichatbot.dr.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The checkout that the tests run in: its documents and its sources. */
public final class Checkout {
  static final Path ROOT = root();
  static final Path DOCS = ROOT.resolve("docs");

  private Checkout() {}

  private static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("docs/format.md")) && Files.exists(at.resolve("dr-core"))) {
        return at;
      }
    }
    throw new IllegalStateException("not run inside the checkout");
  }

  /** README and every document below docs. */
  static List<Path> documents() throws IOException {
    try (Stream<Path> below = Files.walk(DOCS)) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), below)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  /** What is in a document between the comment {@code table NAME} and the next one. */
  public static String table(String document, String name) throws IOException {
    String start = "<!-- table " + name + " -->\n";
    String text = Files.readString(DOCS.resolve(document));
    int from = text.indexOf(start);
    assertThat(from).as("the mark of table %s in %s", name, document).isNotNegative();
    int end = text.indexOf("\n<!-- end -->", from);
    return text.substring(from + start.length(), end);
  }

  /** Every Java source of every module and example, those of tests included. */
  static List<Path> sources() throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(file -> file.toString().endsWith(".java"))
          .filter(file -> ROOT.relativize(file).toString().replace('\\', '/').contains("src/"))
          .sorted()
          .toList();
    }
  }

  /** Names of the types with a source file of their own, of tests or of what is tested. */
  static Set<String> types(boolean ofTests) throws IOException {
    Set<String> names = new HashSet<>();
    for (Path source : sources()) {
      boolean test = ROOT.relativize(source).toString().replace('\\', '/').contains("src/test/");
      if (test == ofTests) {
        names.add(source.getFileName().toString().replace(".java", ""));
      }
    }
    return names;
  }
}
