package com.personalaichatbot.dr.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The documents' examples are real: every Java block is a region of source that is compiled and
 * tested, or the program that {@link QuickStartTest} compiles and runs. Every link leads somewhere.
 * A region lies between {@code // region NAME} and {@code // endregion}.
 */
class DocsSnippetsTest {
  private static final int QUICK_START = 40;
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\R(.*?)^```$");
  private static final Pattern REGION =
      Pattern.compile("(?ms)^[ \\t]*// region [^\\n]*\\R(.*?)^[ \\t]*// endregion");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]*)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");

  private static List<String> blocks(Path document) throws IOException {
    return BLOCK
        .matcher(Files.readString(document))
        .results()
        .map(r -> r.group(1))
        .toList();
  }

  private static Set<String> regions() throws IOException {
    Set<String> regions = new HashSet<>();
    for (Path source : Checkout.sources()) {
      REGION
          .matcher(Files.readString(source))
          .results()
          .forEach(region -> regions.add(outdent(region.group(1))));
    }
    return regions;
  }

  private static String outdent(String text) {
    int indent = text.lines()
        .filter(line -> !line.isBlank())
        .mapToInt(line -> line.length() - line.stripLeading().length())
        .min()
        .orElse(0);
    return text.indent(-indent);
  }

  @Test
  void javaBlocks_areRegionsOfCompiledSource() throws IOException {
    Set<String> regions = regions();
    regions.add(QuickStartTest.program());
    for (Path document : Checkout.documents()) {
      assertThat(regions).as("Java blocks of %s", document).containsAll(blocks(document));
    }
  }

  @Test
  void quickStart_isShort() throws IOException {
    List<String> blocks = blocks(Checkout.ROOT.resolve("README.md"));
    assertThat(blocks).isNotEmpty();
    assertThat(blocks.get(0).lines().count()).isLessThanOrEqualTo(QUICK_START);
  }

  @Test
  void links_leadToFilesAndHeadingsThatExist() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : Checkout.documents()) {
      Matcher links = LINK.matcher(Files.readString(document));
      while (links.find()) {
        String link = links.group(1);
        if (!link.contains("://") && !leadsSomewhere(document, link)) {
          broken.add(document.getFileName() + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Path document, String link) throws IOException {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty()
        ? document
        : document.resolveSibling(URLDecoder.decode(file, StandardCharsets.UTF_8));
    return Files.exists(target) && (hash < 0 || anchors(target).contains(link.substring(hash + 1)));
  }

  /** The anchors of a document's headings, by the rule that the usual forges share. */
  private static Set<String> anchors(Path document) throws IOException {
    return HEADING
        .matcher(Files.readString(document))
        .results()
        .map(heading -> heading
            .group(1)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{N} _-]", "")
            .strip()
            .replace(' ', '-'))
        .collect(Collectors.toSet());
  }
}
