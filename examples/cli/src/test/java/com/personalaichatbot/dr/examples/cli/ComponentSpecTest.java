package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentSpecTest {

  @ParameterizedTest
  @CsvSource({
    "config:settings=/data/config, CONFIG, settings, /data/config",
    "conversations=/data/chats, CONVERSATIONS, chats, /data/chats",
    "secrets=/data/.env, SECRETS, .env, /data/.env",
    "/data/logs, CUSTOM, logs, /data/logs",
    "/data/logs/, CUSTOM, logs, /data/logs",
    "logs, CUSTOM, logs, logs",
    "/data/a=b, CUSTOM, a=b, /data/a=b",
    "./a=b, CUSTOM, a=b, ./a=b",
    "state:a:b=/x=y, STATE, a:b, /x=y"
  })
  void parse_spec_isRead(String spec, Kind kind, String name, Path path) {
    Component component = ComponentSpec.parse(spec);

    assertThat(component.kind()).isEqualTo(kind);
    assertThat(component.name()).isEqualTo(name);
    assertThat(component.source().path()).isEqualTo(path.toAbsolutePath());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        ".",
        "..",
        "/data/..",
        "config=",
        "config:name=",
        "config:=/data",
        "setting=/data",
        "Config=/data",
        "=/data",
        ":name=/data",
        "config:..=/data",
        "config:a/b=/data"
      })
  void parse_whatDoesNotName_isRefused(String spec) {
    assertThatThrownBy(() -> ComponentSpec.parse(spec))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void parseAll_twoOfOneName_isRefused() {
    assertThatThrownBy(() -> ComponentSpec.parseAll(List.of("config=/a/x"), List.of("/b/x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'x'");
  }

  @Test
  void parseAll_nothing_isRefused() {
    assertThatThrownBy(() -> ComponentSpec.parseAll(List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void parseAll_pathThatLooksLikeASpec_staysAPath() {
    assertThat(ComponentSpec.parseAll(List.of(), List.of("logs=2024")))
        .singleElement()
        .satisfies(
            c -> assertThat(c.source().path()).isEqualTo(Path.of("logs=2024").toAbsolutePath()))
        .satisfies(c -> assertThat(c.kind()).isEqualTo(Kind.CUSTOM));
  }
}
