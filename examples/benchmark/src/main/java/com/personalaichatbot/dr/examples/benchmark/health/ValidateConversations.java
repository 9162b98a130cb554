package com.personalaichatbot.dr.examples.benchmark.health;

import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.ValidationReport;
import com.personalaichatbot.dr.health.config.ConfigValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Validates many conversation files of about 3 KB with two threads. The first iteration is that of
 * a process that has just started. The data is made in the directory for temporary files.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 0)
@Measurement(iterations = 3)
public class ValidateConversations {
  private static final int PER_DIRECTORY = 2_000;
  private static final int MESSAGES = 12;
  private static final String TIME = "2026-03-02T08:00:00.000001";

  /** How many files there are. */
  @Param("100000")
  public int files;

  private Path data;

  /** Makes the data; everything but the conversations is left out and so an error each. */
  @Setup
  public void create() throws IOException {
    data = Files.createTempDirectory("dr-conversations-");
    Random random = new Random(1);
    for (int i = 0; i < files; i++) {
      Path directory = data.resolve("conversations/part-" + i / PER_DIRECTORY);
      if (i % PER_DIRECTORY == 0) {
        Files.createDirectories(directory);
      }
      UUID id = new UUID(random.nextLong(), random.nextLong());
      Files.writeString(directory.resolve(id + ".json"), conversation(id, random));
    }
  }

  private static String conversation(UUID id, Random random) {
    StringBuilder json = new StringBuilder(4096)
        .append("{\"id\":\"" + id + "\",\"title\":\"A trip\",\"created_at\":\"" + TIME + "\",")
        .append("\"updated_at\":\"" + TIME + "\",\"metadata\":{\"tags\":[]},\"messages\":[");
    for (int i = 0; i < MESSAGES; i++) {
      json.append(i == 0 ? "" : ",")
          .append("{\"role\":\"" + (i % 2 == 0 ? "user" : "assistant") + "\",\"content\":\"");
      for (int word = 0; word < 20; word++) {
        json.append(Integer.toString(random.nextInt(1 << 20), 36)).append(' ');
      }
      json.append("\",\"metadata\":{\"length\":100},\"timestamp\":\"" + TIME + "\"}");
    }
    return json.append("]}").toString();
  }

  /** Removes it. */
  @TearDown
  public void remove() throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Every conversation is found sound. */
  @Benchmark
  public ValidationReport validate() throws InterruptedException {
    ValidationReport report = ConfigValidator.of(data).threads(2).validate();
    boolean broken = report.findings().stream()
        .anyMatch(f -> f.severity() == Severity.ERROR && f.code().startsWith("CONVERSATION"));
    if (broken) {
      throw new IllegalStateException("the conversations should be sound: " + report.findings());
    }
    return report;
  }
}
