package com.personalaichatbot.dr.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rules for our English that a program can check, in comments, messages and documents. Records
 * of decisions and quotations of the user's document are exempt.
 */
class LanguageTest {
  private static final int MAX_WORDS = 30;
  private static final Pattern COMMENT =
      Pattern.compile("/\\*\\*((?:(?!\\*/).)*)\\*/", Pattern.DOTALL);
  private static final Pattern MARGIN = Pattern.compile("\\R[ \\t]*(?:\\*(?!/) ?)?");
  private static final Pattern OF_A_CLASS = Pattern.compile("\\s*(?:@[\\w.]+(?:\\([^)]*\\))?\\s*)*"
      + "(?:(?:public|protected|private|static|final|abstract|sealed|non-sealed)\\s+)*"
      + "(?:class|interface|enum|record|@interface)\\s+(\\w+)");
  private static final Pattern QUESTION =
      Pattern.compile("(?:What|Who|Whose|How|Which|Whether|Where|When|Why)\\b");
  private static final Pattern SPOKEN = Pattern.compile(
      "/\\*.*?\\*/|//[^\\n]*|\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)'", Pattern.DOTALL);
  private static final Pattern CODE = Pattern.compile("```.*?```|`[^`\\n]*`", Pattern.DOTALL);
  private static final Pattern PARAGRAPH =
      Pattern.compile("<p>|<li>|</?[uo]l>|<pre>.*?</pre>|\\R@\\w+", Pattern.DOTALL);
  private static final Pattern ITEM = Pattern.compile("\\R\\s*(?:[-*]|\\d+\\.)\\s");
  private static final Pattern SENTENCE = Pattern.compile("(?<=[.!?:;])\\s+");

  /** Words that we do not use, for the reader stumbles at them; beside each the usual one. */
  private static final List<Pattern> PHRASES = Stream.of(
          "(?:is|are|was) already at it", // is already doing so
          "is at it\\b",
          "\\blets? go\\b", // releases
          "\\banew\\b", // again
          "\\bmend(?:s|ing)?\\b", // repairs
          "\\b(?:is|are) none\\b(?! of)", // does not exist, is not one
          "\\bnot any more\\b", // no longer
          "\\bat once\\b(?! more)", // immediately, at the same time
          "\\bhit\\b", // damaged, affected
          "\\bstands?\\b(?!\\s+(?:in )?for\\b)", // is
          "\\b(?:[Aa]|the) look\\b(?!-)", // a check
          "\\bhears?\\b") // receives, is told
      .map(Pattern::compile)
      .toList();

  private static String name(Path file) {
    return Checkout.ROOT.relativize(file).toString().replace('\\', '/');
  }

  private static List<Path> mainSources() throws IOException {
    return Checkout.sources().stream()
        .filter(f -> name(f).contains("src/main/"))
        .toList();
  }

  /** Decisions are records of their time. */
  private static List<Path> documents() throws IOException {
    return Checkout.documents().stream()
        .filter(f -> !name(f).startsWith("docs/adr/"))
        .toList();
  }

  private static String text(String comment) {
    return MARGIN.matcher(comment).replaceAll(" ").strip();
  }

  /** The first words of the comments of classes that open with a question word. */
  private static List<String> questions(String source) {
    List<String> found = new ArrayList<>();
    for (MatchResult comment : COMMENT.matcher(source).results().toList()) {
      Matcher type = OF_A_CLASS.matcher(source).region(comment.end(), source.length());
      String text = text(comment.group(1));
      if (type.lookingAt() && QUESTION.matcher(text).lookingAt()) {
        found.add(type.group(1) + ": " + text);
      }
    }
    return found;
  }

  private static List<String> phrases(String text) {
    String line = text.replaceAll("\\s+\\*?\\s*", " ");
    return PHRASES.stream()
        .flatMap(phrase -> phrase.matcher(line).results())
        .map(hit -> line.substring(
            Math.max(0, hit.start() - MAX_WORDS), Math.min(line.length(), hit.end() + MAX_WORDS)))
        .toList();
  }

  private static List<String> longSentences(String paragraph) {
    return Arrays.stream(SENTENCE.split(paragraph.strip()))
        .filter(sentence -> sentence.split("\\s+").length > MAX_WORDS)
        .toList();
  }

  private static List<String> paragraphs(String markdown) {
    return Arrays.stream(CODE.matcher(markdown).replaceAll(" ").split("\\R\\s*\\R"))
        .filter(block -> !block.strip().matches("(?s)(?:[|#]|<!--|\\*\\*Contents).*|.*\\) · \\[.*"))
        .filter(block -> !block.startsWith("    "))
        .flatMap(ITEM::splitAsStream)
        .toList();
  }

  @Test
  void classComments_openWithANoun() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path source : Checkout.sources()) {
      questions(Files.readString(source)).forEach(q -> wrong.add(name(source) + ": " + q));
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void commentsMessagesAndDocuments_useTheUsualWords() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path source : mainSources()) {
      SPOKEN
          .matcher(Files.readString(source))
          .results()
          .flatMap(spoken -> phrases(spoken.group()).stream())
          .forEach(phrase -> wrong.add(name(source) + ": " + phrase));
    }
    for (Path document : documents()) {
      phrases(CODE.matcher(Files.readString(document)).replaceAll(" "))
          .forEach(phrase -> wrong.add(name(document) + ": " + phrase));
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void sentences_areNotLong() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path source : mainSources()) {
      for (MatchResult comment :
          COMMENT.matcher(Files.readString(source)).results().toList()) {
        String text = MARGIN.matcher(comment.group(1)).replaceAll("\n");
        PARAGRAPH
            .splitAsStream(text)
            .flatMap(paragraph -> longSentences(paragraph).stream())
            .forEach(sentence -> wrong.add(name(source) + ": " + sentence));
      }
    }
    for (Path document : documents()) {
      paragraphs(Files.readString(document)).stream()
          .flatMap(paragraph -> longSentences(paragraph).stream())
          .forEach(sentence -> wrong.add(name(document) + ": " + sentence));
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'COMMENT How it is. */ @Deprecated(since = \"1\") public final class A {}', 1, 0",
    "'COMMENT A thing that hears of it. */ record B() {}', 0, 1",
    "'COMMENT Stands for what\n * stands\n * there. */ enum C {}', 0, 1",
    "'COMMENT A thing. */ interface D {}', 0, 0"
  })
  void checks_findWhatTheyAreFor(String text, int questions, int phrases) {
    String source = text.replace("COMMENT", "/**");
    assertThat(questions(source)).hasSize(questions);
    assertThat(phrases(source)).hasSize(phrases);
    assertThat(longSentences("word ".repeat(MAX_WORDS))).isEmpty();
    assertThat(longSentences("word ".repeat(MAX_WORDS + 1) + ". And more.")).hasSize(1);
  }
}
