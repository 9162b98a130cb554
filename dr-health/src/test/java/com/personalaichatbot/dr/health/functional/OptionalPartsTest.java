package com.personalaichatbot.dr.health.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.health.SampleData;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library on a class path that has nothing but what it must have. */
class OptionalPartsTest {

  @TempDir
  Path directory;

  private static URLClassLoader withoutOptionalParts() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("networknt") && !entry.contains("micrometer")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
  }

  @Test
  void validate_withoutASchemaValidator_appliesTheOtherRulesAndSaysSo() throws Exception {
    Path data = SampleData.create(directory.resolve("data"));
    try (URLClassLoader loader = withoutOptionalParts()) {
      Class<?> validator =
          loader.loadClass("com.personalaichatbot.dr.health.config.ConfigValidator");
      Object report = validator
          .getMethod("validate")
          .invoke(validator.getMethod("of", Path.class).invoke(null, data));
      assertThat(report.toString())
          .contains("SCHEMA_NOT_CHECKED", "json-schema-validator", "ENV_FINGERPRINT")
          .doesNotContain("severity=ERROR");
    }
  }

  @Test
  void monitor_withoutMicrometer_works() throws Exception {
    try (URLClassLoader loader = withoutOptionalParts()) {
      Class<?> monitor = loader.loadClass("com.personalaichatbot.dr.health.HealthMonitor");
      Object builder = monitor.getMethod("builder").invoke(null);
      Object built = builder.getClass().getMethod("build").invoke(builder);
      Object health = monitor.getMethod("check").invoke(built);
      assertThat(health).hasToString("UNKNOWN []");
      monitor.getMethod("close").invoke(built);
    }
  }
}
