package com.personalaichatbot.dr.health.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.personalaichatbot.dr.health.CheckState;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.SampleData;
import com.personalaichatbot.dr.health.trend.TrendStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ApplicationChecksTest {

  @TempDir
  Path directory;

  @Test
  void logs_onAVolumeOfTheirOwn_areCheckedAsWell() throws Exception {
    Path data = SampleData.create(directory.resolve("data"));
    assertThat(names(data)).contains("disk", "temp").doesNotContain("logs-disk");
    Path memory = Path.of("/dev/shm");
    assumeThat(memory).isDirectory();
    assumeThat(Files.getFileStore(memory)).isNotEqualTo(Files.getFileStore(data));
    Path elsewhere = Files.createTempDirectory(memory, "logs-");
    try {
      Files.delete(data.resolve("logs/app.log"));
      Files.delete(data.resolve("logs"));
      Files.createSymbolicLink(data.resolve("logs"), elsewhere);
      assertThat(names(data)).contains("disk", "temp", "logs-disk");
    } finally {
      Files.delete(elsewhere);
    }
  }

  private static List<String> names(Path data) {
    try (HealthMonitor monitor = HealthMonitor.builder().build()) {
      return ApplicationChecks.of(data).register(monitor).health().checks().stream()
          .map(CheckState::name)
          .toList();
    }
  }

  @Test
  void trends_rememberEachFigureThatHasOne() throws Exception {
    Path data = SampleData.create(directory.resolve("data"));
    TrendStore trends = TrendStore.open(directory.resolve("trends"), Clock.systemUTC());
    Health health;
    try (HealthMonitor monitor = HealthMonitor.builder().build()) {
      health = ApplicationChecks.of(data)
          .sampleNow()
          .trends(trends, Clock.systemUTC())
          .register(monitor)
          .check();
    }
    for (String series : List.of("disk", "memory", "cpu", "data")) {
      assertThat(trends.samples(series)).as(series).hasSize(1);
      CheckState state = health.check(series).orElseThrow();
      assertThat(state.latest().details()).as(series).containsKey("outlook");
      assertThat(state.groups()).as(series).containsExactly("capacity");
    }
  }
}
