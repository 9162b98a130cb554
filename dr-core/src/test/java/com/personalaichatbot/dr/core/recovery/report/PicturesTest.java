package com.personalaichatbot.dr.core.recovery.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Looks at every page in a real browser, where the machine has one; elsewhere it is skipped. With
 * {@code -Ddr.pictures=DIRECTORY} it leaves there what it sees; {@code docs/pictures} is of it.
 */
class PicturesTest {
  private static final int PHONE = 360;
  private static final int DESK = 1280;

  /** How much of a page is kept as a picture: what is first seen, and a little more. */
  private static final int SHOWN = 1400;

  private static final String HOSTILE =
      "<script>alert(1)</script>\u202egnp.exe\u2066\n'\"&amp;" + "x".repeat(200);

  @TempDir
  private static Path directory;

  private static Chromium browser;

  @BeforeAll
  static void start() throws IOException {
    Optional<Path> program = Chromium.installed();
    assumeThat(program).as("no Chromium on the path: pages were not looked at").isPresent();
    Path profile = Files.createDirectory(directory.resolve("profile"));
    try {
      browser = Chromium.start(program.orElseThrow(), profile);
    } catch (IOException e) {
      Assumptions.abort("Chromium does not start here, pages were not looked at: " + e);
    }
  }

  @AfterAll
  static void end() {
    if (browser != null) {
      browser.close();
    }
  }

  private static Path write(String name, String page) throws IOException {
    return Files.writeString(directory.resolve(name + ".html"), page, StandardCharsets.UTF_8);
  }

  private static void look(String name, Path page, int width, boolean dark) throws IOException {
    Chromium.Shown shown = browser.open(page, width, dark);

    assertThat(shown.contentWidth()).as("%s at %d pixels", name, width).isEqualTo(width);
    assertThat(shown.requests()).as("requests of " + name).isEmpty();
    assertThat(shown.messages()).as("console of " + name).isEmpty();
    assertThat(shown.smallest()).as("smallest letters of " + name).isGreaterThanOrEqualTo(12);
    keep(name + "-" + width + (dark ? "-dark" : "") + ".png", browser.picture(width, SHOWN));
  }

  private static void keep(String name, byte[] bytes) throws IOException {
    String kept = System.getProperty("dr.pictures", "");
    if (!kept.isEmpty()) {
      Files.write(Path.of(kept, name), bytes);
    }
  }

  @Test
  void page_onPhoneAndDeskInLightAndDark_fitsAndAsksForNothing() throws IOException {
    for (Map.Entry<String, String> one : new SamplePages("").all(directory).entrySet()) {
      Path page = write(one.getKey(), one.getValue());
      for (boolean dark : new boolean[] {false, true}) {
        look(one.getKey(), page, PHONE, dark);
        look(one.getKey(), page, DESK, dark);
      }
    }
  }

  @Test
  void page_namesWithMarkupAndTurnedWriting_fitsAndRunsNothing() throws IOException {
    Path scratch = Files.createDirectory(directory.resolve("hostile"));
    for (Map.Entry<String, String> one : new SamplePages(HOSTILE).all(scratch).entrySet()) {
      look("odd-" + one.getKey(), write("odd-" + one.getKey(), one.getValue()), PHONE, false);
    }
  }

  @Test
  void page_printed_isA4() throws IOException {
    Path scratch = Files.createDirectory(directory.resolve("printed"));
    for (Map.Entry<String, String> one : new SamplePages("").all(scratch).entrySet()) {
      browser.open(write(one.getKey(), one.getValue()), DESK, true);

      byte[] pdf = browser.print();

      assertThat(new String(pdf, StandardCharsets.ISO_8859_1))
          .startsWith("%PDF")
          .containsPattern("/MediaBox \\[0 0 59[4-6][.0-9]* 84[12][.0-9]*\\]");
      keep(one.getKey() + ".pdf", pdf);
    }
  }

  @Test
  void look_aPageThatIsTooWideAndAsksForMore_isSeen() throws IOException {
    Path page = write(
        "wrong",
        "<!DOCTYPE html><html><body style='margin:0'><div style='width:900px'>x</div>"
            + "<img src='missing.png'><script>console.error('no')</script></body></html>");

    Chromium.Shown shown = browser.open(page, PHONE, false);

    assertThat(shown.contentWidth()).isGreaterThan(PHONE);
    assertThat(shown.requests()).hasSize(1);
    assertThat(shown.messages()).isNotEmpty();
  }
}
