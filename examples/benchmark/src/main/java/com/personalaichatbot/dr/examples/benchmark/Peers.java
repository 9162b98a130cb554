package com.personalaichatbot.dr.examples.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The tools that an operator would use instead. Those that are not installed are left out, with a
 * word.
 */
final class Peers {
  private static final String PASSPHRASE = "benchmark";

  private Peers() {}

  static List<Contender> installed(Path work) {
    List<Contender> peers = new ArrayList<>();
    if (isInstalled("restic")) {
      peers.add(new Restic(work));
    }
    if (isInstalled("borg")) {
      peers.add(new Borg(work));
    }
    if (isInstalled("tar") && isInstalled("zstd") && isInstalled("openssl")) {
      peers.add(new Pipeline());
    }
    return peers;
  }

  private static boolean isInstalled(String program) {
    boolean installed = Commands.has(program);
    if (!installed) {
      System.err.println(program + " is not installed and is left out");
    }
    return installed;
  }

  /** restic, as it comes: repository version 2, compression automatic. */
  private static final class Restic implements Contender {
    private final Commands commands;
    private Path repository;

    Restic(Path work) {
      String cache = work.resolve("restic-cache").toString();
      commands = new Commands(Map.of("RESTIC_PASSWORD", PASSPHRASE, "RESTIC_CACHE_DIR", cache));
    }

    @Override
    public String name() {
      return "restic";
    }

    @Override
    public void create(Path newRepository) throws IOException {
      repository = newRepository;
      commands.run(Path.of("."), "restic", "-q", "-r", repository.toString(), "init");
    }

    @Override
    public void backUp(Path data) throws IOException {
      commands.run(data, "restic", "-q", "-r", repository.toString(), "backup", ".");
    }

    @Override
    public void verify() throws IOException {
      commands.run(repository, "restic", "-q", "-r", repository.toString(), "check", "--read-data");
    }

    @Override
    public void restore(Path target) throws IOException {
      commands.run(
          target,
          "restic",
          "-q",
          "-r",
          repository.toString(),
          "restore",
          "latest",
          "--target",
          target.toString());
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

  /** borg with the compression that the others use. */
  private static final class Borg implements Contender {
    private final Commands commands;
    private Path repository;
    private int archives;

    Borg(Path work) {
      commands = new Commands(Map.of(
          "BORG_PASSPHRASE", PASSPHRASE, "BORG_BASE_DIR", work.resolve("borg").toString()));
    }

    @Override
    public String name() {
      return "borg";
    }

    @Override
    public void create(Path newRepository) throws IOException {
      repository = newRepository;
      archives = 0;
      commands.run(
          Path.of("."), "borg", "init", "--encryption", "repokey-blake2", repository.toString());
    }

    @Override
    public void backUp(Path data) throws IOException {
      archives++;
      commands.run(data, "borg", "create", "--compression", "zstd,3", archive(), ".");
    }

    @Override
    public void verify() throws IOException {
      commands.run(repository, "borg", "check", "--verify-data", repository.toString());
    }

    @Override
    public void restore(Path target) throws IOException {
      commands.run(target, "borg", "extract", archive());
    }

    private String archive() {
      return repository + "::" + archives;
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

  /** The pipeline of a shell script: everything each time, and nothing synced. */
  private static final class Pipeline implements Contender {
    private static final List<String> OPENSSL =
        List.of("openssl", "enc", "-aes-256-cbc", "-pbkdf2", "-pass", "env:PASSPHRASE");

    private final Commands commands = new Commands(Map.of("PASSPHRASE", PASSPHRASE));
    private Path repository;
    private int archives;

    @Override
    public String name() {
      return "tar, zstd, openssl";
    }

    @Override
    public void create(Path newRepository) throws IOException {
      repository = java.nio.file.Files.createDirectories(newRepository);
      archives = 0;
    }

    @Override
    public void backUp(Path data) throws IOException {
      archives++;
      commands.pipe(
          data,
          null,
          archive(),
          List.of(List.of("tar", "-cf", "-", "."), List.of("zstd", "-q", "-3", "-T0"), OPENSSL));
    }

    @Override
    public void verify() throws IOException {
      commands.pipe(
          repository, archive(), null, List.of(decrypting(), List.of("zstd", "-q", "-t")));
    }

    @Override
    public void restore(Path target) throws IOException {
      commands.pipe(
          target,
          archive(),
          null,
          List.of(decrypting(), List.of("zstd", "-q", "-d"), List.of("tar", "-xf", "-")));
    }

    private static List<String> decrypting() {
      List<String> command = new ArrayList<>(OPENSSL);
      command.add("-d");
      return command;
    }

    private Path archive() {
      return repository.resolve(archives + ".tar.zst.enc");
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
}
