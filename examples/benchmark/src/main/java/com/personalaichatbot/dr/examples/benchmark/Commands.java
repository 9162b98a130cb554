package com.personalaichatbot.dr.examples.benchmark;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Runs the commands of one contender and notes the most memory that they had and the time that they
 * took on processors: what the system says of each process, asked for again and again while it
 * runs.
 */
final class Commands {
  private static final int INTERVAL_MILLIS = 5;

  private final Map<String, String> environment;
  private long peak;
  private long cpuNanos;

  Commands(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Whether there is a program of this name. */
  static boolean has(String program) {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }

  long peakMemory() {
    return peak;
  }

  /** Time that all commands so far took on processors, in nanoseconds. */
  long cpuNanos() {
    return cpuNanos;
  }

  /** Runs a command to its end. */
  void run(Path directory, String... command) throws IOException {
    pipe(directory, null, null, List.of(List.of(command)));
  }

  /**
   * Runs commands as a pipeline to their end.
   *
   * @param input file that the first reads, or null
   * @param output file that the last writes, or null
   */
  void pipe(Path directory, Path input, Path output, List<List<String>> commands)
      throws IOException {
    Path errors = Files.createTempFile("benchmark", ".txt");
    try {
      List<ProcessBuilder> builders = new ArrayList<>();
      for (List<String> command : commands) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().putAll(environment);
        builders.add(builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile())));
      }
      if (input != null) {
        builders.get(0).redirectInput(input.toFile());
      }
      builders
          .get(builders.size() - 1)
          .redirectOutput(
              output == null
                  ? ProcessBuilder.Redirect.DISCARD
                  : ProcessBuilder.Redirect.to(output.toFile()));
      await(ProcessBuilder.startPipeline(builders), commands, errors);
    } finally {
      Files.delete(errors);
    }
  }

  private void await(List<Process> processes, List<List<String>> commands, Path errors)
      throws IOException {
    long[] peaks = new long[processes.size()];
    long[] cpu = new long[processes.size()];
    try {
      for (boolean running = true; running; ) {
        running = false;
        for (int i = 0; i < peaks.length; i++) {
          Process process = processes.get(i);
          peaks[i] = Math.max(peaks[i], peakMemory(process.pid()));
          long spent = process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
          cpu[i] = Math.max(cpu[i], spent);
          running |= process.isAlive();
        }
        for (Process process : processes) {
          if (process.isAlive() && process.waitFor(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
            break;
          }
        }
      }
      for (int i = 0; i < peaks.length; i++) {
        int exit = processes.get(i).waitFor();
        if (exit != 0) {
          throw new IOException(String.join(" ", commands.get(i)) + " failed: " + exit + "\n"
              + Files.readString(errors));
        }
      }
    } catch (InterruptedException e) {
      processes.forEach(Process::destroy);
      throw new InterruptedIOException();
    }
    peak = Math.max(peak, LongStream.of(peaks).sum());
    cpuNanos += LongStream.of(cpu).sum();
  }

  /** The most memory that a process had so far, in bytes; 0 if it is gone or that is unknown. */
  private static long peakMemory(long pid) {
    try {
      for (String line : Files.readAllLines(
          Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }
}
