package com.personalaichatbot.dr.examples.benchmark;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.crypto.Secret;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;

/** This library inside the benchmark's process, its repository open: as an application has it. */
final class Ours implements Contender {
  private static final String PASSPHRASE = "benchmark";

  private BackupRepository repository;

  @Override
  public String name() {
    return "ours, warm";
  }

  @Override
  public void create(Path directory) throws IOException {
    open(directory, true);
  }

  private void open(Path directory, boolean create) throws IOException {
    BackupRepository.Builder builder = BackupRepository.builder(LocalStorage.at(directory))
        .state(directory.resolveSibling(directory.getFileName() + "-state"));
    try (Secret secret = Secret.ofPassphrase(PASSPHRASE.toCharArray())) {
      repository = create ? builder.create(secret) : builder.open(secret);
    }
  }

  @Override
  public void backUp(Path data) throws IOException {
    BackupReport report = repository.backUp(
        List.of(Component.directory("data", Kind.CUSTOM, data)), BackupOptions.of(Purpose.MANUAL));
    if (report.status() != BackupStatus.COMPLETE) {
      throw new IOException("the backup is " + report.status() + ": " + report.failures());
    }
  }

  @Override
  public void verify() throws IOException {
    VerifyReport report = repository.verify(VerifyOptions.readAll());
    if (report.status() != VerifyReport.Status.CLEAN) {
      throw new IOException("the repository is " + report.status() + ": " + report.damages());
    }
  }

  @Override
  public void restore(Path target) throws IOException {
    RestorePlan plan = repository.planRestore(RestoreRequest.to(Selector.LATEST, target));
    RestoreReport report = repository.restore(plan, List.of());
    if (report.status() != RestoreReport.Status.COMPLETE) {
      throw new IOException("the restore is " + report.status() + ": " + report.failures());
    }
  }

  /** Of the whole process: compiler and garbage collector are part of the price. */
  @Override
  public long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  @Override
  public void close() throws IOException {
    if (repository != null) {
      repository.close();
      repository = null;
    }
  }

  /**
   * One operation in a process of its own: {@code create|backup|verify|restore REPOSITORY [PATH]}.
   */
  public static void main(String[] arguments) throws IOException {
    try (Ours ours = new Ours()) {
      ours.open(Path.of(arguments[1]), arguments[0].equals("create"));
      switch (arguments[0]) {
        case "create" -> {}
        case "backup" -> ours.backUp(Path.of(arguments[2]));
        case "verify" -> ours.verify();
        case "restore" -> ours.restore(Path.of(arguments[2]));
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }
}
