package com.personalaichatbot.dr.core.recovery;

import com.personalaichatbot.dr.core.BackupRepository;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Another machine: a new state directory, another host name, and the same repository. */
final class NewMachine implements AutoCloseable {
  final BackupRepository repository;
  private final Path data;
  private final Path state;

  NewMachine(LivingApplication application, Path data) throws IOException {
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

  Recovery.Builder recovery() {
    return Recovery.builder(repository)
        .data(data)
        .state(state)
        .hooks(ApplicationHooks.none().with(HookKind.START, Duration.ofSeconds(5), call -> {}))
        .person(Person.ASSUME_YES);
  }

  @Override
  public void close() throws IOException {
    repository.close();
  }
}
