package com.personalaichatbot.dr.core.fuzz;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.health.check.JsonFileCheck;
import com.personalaichatbot.dr.health.check.LogCheck;
import com.personalaichatbot.dr.health.config.ConfigRules;
import com.personalaichatbot.dr.health.config.ConfigValidator;
import com.personalaichatbot.dr.health.config.EnvFile;
import com.personalaichatbot.dr.health.security.SecurityValidator;
import com.personalaichatbot.dr.health.trend.TrendStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Fuzz targets: the readers of texts that an application or a person wrote. */
final class TextTargets {
  private TextTargets() {}

  /** Uses a data directory that holds one file. */
  @FunctionalInterface
  private interface Use {
    void of(Path data) throws Exception;
  }

  private static void with(String name, byte[] input, Use use) throws Exception {
    try (FileSystem files = Jimfs.newFileSystem(
        Configuration.unix().toBuilder().setAttributeViews("posix").build())) {
      Path data = Files.createDirectory(files.getPath("/data"));
      Path file = data.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, input);
      use.of(data);
    }
  }

  static void env(byte[] input) {
    EnvFile env = EnvFile.of(Path.of(".env"), input);
    env.findings().forEach(Object::toString);
    for (EnvFile.Entry entry : env.entries()) {
      if (!env.entry(entry.key()).orElseThrow().equals(entry)) {
        throw new AssertionError("an entry is there twice: " + entry);
      }
    }
  }

  static void settings(byte[] input) throws Exception {
    with("config/app_config.json", input, data -> {
      ConfigValidator.of(data).validate().findings().forEach(Object::toString);
      JsonFileCheck.of(data.resolve("config/app_config.json")).check();
    });
  }

  static void conversation(byte[] input) throws Exception {
    with("conversations/one.json", input, data -> ConfigValidator.of(data).validate());
  }

  static void rules(byte[] input) {
    try {
      ConfigRules.read(new ByteArrayInputStream(input));
    } catch (IOException | IllegalArgumentException expected) {
      // Refused.
    }
  }

  static void log(byte[] input) throws Exception {
    with("a.log", new byte[0], data -> {
      LogCheck check = LogCheck.of(data.resolve("a.log"), () -> 0);
      check.check();
      Files.write(data.resolve("a.log"), input);
      check.check();
      check.check();
    });
  }

  static void secrets(byte[] input) throws Exception {
    with("logs/a.log", input, data -> {
      Files.writeString(data.resolve(".env"), "A_KEY=0123456789abcdef0123456789abcdef\n");
      SecurityValidator.of(data).validate().findings().forEach(Object::toString);
    });
  }

  static void trend(byte[] input) throws Exception {
    with("trend", input, data -> {
      try {
        TrendStore.open(data.resolve("trend"), Clock.systemUTC()).samples("a");
      } catch (IOException expected) {
        // Refused.
      }
    });
  }
}
