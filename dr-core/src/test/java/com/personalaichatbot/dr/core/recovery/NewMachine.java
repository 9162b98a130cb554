package com.personalaichatbot.dr.core.recovery;

import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Another machine: a new state directory, another host name, and the same repository. */
public final class NewMachine implements AutoCloseable {
  public final BackupRepository repository;
  private final Path data;
  private final Path state;

  public NewMachine(LivingApplication application, Path data) throws IOException {
    this.data = data;
    this.state = data.resolveSibling("state");
    MemoryStorage copy = ((MemoryStorage) application.storage).crash();
    try (RootKey key = TestKeys.root()) {
      repository = BackupRepository.builder(copy)
          .state(state)
          .host("another")
          .executor(Runnable::run, 1)
          .open(key);
    }
  }

  public Recovery.Builder recovery() {
    return Recovery.builder(repository)
        .data(data)
        .state(state)
        .hooks(ApplicationHooks.none().with(HookKind.START, Duration.ofSeconds(5), call -> {}))
        .operator(Operator.ASSUME_YES);
  }

  @Override
  public void close() throws IOException {
    repository.close();
  }
}
