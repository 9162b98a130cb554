package com.personalaichatbot.dr.core.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fuzzes every target with Jazzer, each in a process of its own: {@code mvn -Pfuzz verify}. A
 * finding lies in {@code target/fuzz/TARGET}, and becomes a seed below
 * {@code src/test/resources/fuzz/TARGET} once it is corrected.
 */
class FuzzCampaign {
  private static final Path OUT = Path.of("target", "fuzz");
  private static final Path SEEDS = Path.of("src", "test", "resources", "fuzz");
  private static final int MAX_LENGTH = 20_000;
  private static final int MAX_SECONDS_OF_ONE = 25;
  private static final Pattern EXECUTIONS =
      Pattern.compile("stat::number_of_executed_units: *([0-9]+)");

  @ParameterizedTest
  @EnumSource
  void fuzz_forTheGivenTime_findsNothing(FuzzTarget target) throws Exception {
    Set<String> wanted = Set.of(System.getProperty("dr.fuzz.targets", "").split(","));
    if (!wanted.contains("") && !wanted.contains(target.name())) {
      return;
    }
    Path out = Files.createDirectories(OUT.resolve(target.name()).toAbsolutePath());
    Path log = out.resolve("log");
    Process fuzzer = new ProcessBuilder(command(target, out))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    int exit = fuzzer.waitFor();
    String text = Files.readString(log, StandardCharsets.ISO_8859_1);
    Matcher executions = EXECUTIONS.matcher(text);
    Files.writeString(
        OUT.resolve("executions.txt"),
        target + " " + (executions.find() ? executions.group(1) : "?") + ", exit " + exit + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    assertThat(exit).as("exit for %s, see %s", target, log).isZero();
  }

  private static List<String> command(FuzzTarget target, Path out) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx512m",
        "-Ddr.fuzz.target=" + target,
        "-cp",
        System.getProperty("java.class.path"),
        "com.code_intelligence.jazzer.Jazzer",
        "--target_class=" + FuzzMain.class.getName(),
        "--instrumentation_includes=com.personalaichatbot.dr.**",
        // The rules of a validation are the operator's, and patterns by intent.
        "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexInjection",
        "--reproducer_path=" + out,
        "-max_total_time=" + System.getProperty("dr.fuzz.seconds", "60"),
        "-timeout=" + MAX_SECONDS_OF_ONE,
        "-max_len=" + MAX_LENGTH,
        "-rss_limit_mb=0",
        "-print_final_stats=1",
        "-artifact_prefix=" + out + File.separator,
        Files.createDirectories(out.resolve("corpus")).toString()));
    Path seeds = SEEDS.resolve(target.name());
    if (Files.isDirectory(seeds)) {
      command.add(seeds.toAbsolutePath().toString());
    }
    return command;
  }
}
