package com.personalaichatbot.dr.core.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentTest {

  private static final Path PATH = Path.of("data", "logs");

  @ParameterizedTest
  @CsvSource({
    "CONFIG, CRITICAL, 1",
    "SECRETS, CRITICAL, 1",
    "CONVERSATIONS, CRITICAL, 24",
    "LOGS, FULL, 24",
    "STATE, FULL, 24",
    "CUSTOM, FULL, 24"
  })
  void of_everyKind_hasTheDefaultsOfItsKind(Kind kind, Criticality criticality, long hours) {
    Component component = Component.at("part", kind, PATH);

    assertThat(component.criticality()).isEqualTo(criticality);
    assertThat(component.rpo()).isEqualTo(Duration.ofHours(hours));
    assertThat(component.excludes()).isEmpty();
    assertThat(component.quiesce()).isSameAs(Quiesce.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "/", "a\0b", "half \uD800 pair"})
  void of_nameThatIsNoName_isRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Component.at(name, Kind.LOGS, PATH))
        .withMessageContaining("component name");
  }

  @Test
  void of_nameOf255Bytes_isTaken_andOneMoreRefused() {
    String longest = "é".repeat(127) + "x";

    assertThat(Component.at(longest, Kind.LOGS, PATH).name()).isEqualTo(longest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Component.at("é".repeat(128), Kind.LOGS, PATH))
        .withMessageContaining("256 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-leading", "...", " ", "new\nline", "naïve", "日本", "a\\x41"})
  void of_oddName_isTaken(String name) {
    assertThat(Component.at(name, Kind.LOGS, PATH).name()).isEqualTo(name);
  }

  @Test
  void with_changesACopy() {
    Component before = Component.directory("logs", Kind.LOGS, PATH);
    Quiesce quiesce = new Quiesce() {
      @Override
      public void quiesce() {}

      @Override
      public void resume() {}
    };

    Component after = before
        .withCriticality(Criticality.CRITICAL)
        .withRpo(Duration.ofMinutes(5))
        .withExcludes(List.of("*.gz"))
        .withQuiesce(quiesce);

    assertThat(after.criticality()).isEqualTo(Criticality.CRITICAL);
    assertThat(after.rpo()).isEqualTo(Duration.ofMinutes(5));
    assertThat(after.excludes()).containsExactly("*.gz");
    assertThat(after.quiesce()).isSameAs(quiesce);
    assertThat(after.name()).isEqualTo("logs");
    assertThat(after.kind()).isEqualTo(Kind.LOGS);
    assertThat(after.source()).isSameAs(before.source());
    assertThat(before.criticality()).isEqualTo(Criticality.FULL);
    assertThat(before.excludes()).isEmpty();
  }

  @Test
  void withExcludes_laterChangeOfTheList_isNotSeen() {
    List<String> globs = new ArrayList<>(List.of("a"));
    Component component = Component.at("logs", Kind.LOGS, PATH).withExcludes(globs);

    globs.add("b");

    assertThat(component.excludes()).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "///"})
  void withExcludes_patternThatNamesNothing_isRefused(String glob) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Component.at("logs", Kind.LOGS, PATH).withExcludes(List.of("ok", glob)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S"})
  void withRpo_notPositive_isRefused(Duration rpo) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Component.at("logs", Kind.LOGS, PATH).withRpo(rpo));
  }

  @Test
  void of_null_isRefused() {
    assertThatNullPointerException().isThrownBy(() -> Component.at(null, Kind.LOGS, PATH));
    assertThatNullPointerException().isThrownBy(() -> Component.at("logs", null, PATH));
    assertThatNullPointerException().isThrownBy(() -> Component.at("logs", Kind.LOGS, null));
    assertThatNullPointerException().isThrownBy(() -> Component.of("logs", Kind.LOGS, null));
    assertThatNullPointerException().isThrownBy(() -> Source.at(PATH).withLiveFile(PATH, null));
  }

  @Test
  void toString_isTheSpecificationOfTheTool() {
    assertThat(Component.at("chat", Kind.CONVERSATIONS, Path.of("/c")))
        .hasToString("conversations:chat=/c");
  }

  /** A journal names absolute places; a relative one would be another place for it. */
  @Test
  void path_relative_isResolvedWhenTheSourceIsMade() {
    Path relative = Path.of("somewhere", "data");

    assertThat(Source.directory(relative).path()).isEqualTo(relative.toAbsolutePath());
    assertThat(Source.file(relative).path()).isEqualTo(relative.toAbsolutePath());
    assertThat(Source.at(relative).path()).isEqualTo(relative.toAbsolutePath());
  }
}
