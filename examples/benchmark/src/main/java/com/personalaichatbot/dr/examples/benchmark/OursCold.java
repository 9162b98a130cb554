package com.personalaichatbot.dr.examples.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * This library in a process of its own for each operation, as an operator's tool runs: start of the
 * JVM, derivation of the key from the passphrase and compilation included.
 */
final class OursCold implements Contender {
  private final Commands commands = new Commands(Map.of());
  private final String heap;
  private Path repository;

  /** With a heap of this size, as {@code -Xmx} takes it, or null for the JVM's own choice. */
  OursCold(String heap) {
    this.heap = heap;
  }

  @Override
  public String name() {
    return "ours, cold";
  }

  @Override
  public void create(Path directory) throws IOException {
    repository = directory;
    run("create", null);
  }

  @Override
  public void backUp(Path data) throws IOException {
    run("backup", data);
  }

  @Override
  public void verify() throws IOException {
    run("verify", null);
  }

  @Override
  public void restore(Path target) throws IOException {
    run("restore", target);
  }

  private void run(String operation, Path path) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (heap != null) {
      command.add("-Xmx" + heap);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Ours.class.getName()));
    command.addAll(List.of(operation, repository.toString()));
    if (path != null) {
      command.add(path.toString());
    }
    commands.run(Path.of("."), command.toArray(String[]::new));
  }

  @Override
  public long peakMemory() {
    return commands.peakMemory();
  }

  @Override
  public long cpuNanos() {
    return commands.cpuNanos();
  }
}
