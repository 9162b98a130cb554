package com.personalaichatbot.dr.core.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** The other process of {@link LocalStorageTest}: a command a line, an answer a line. */
final class LockProcess {

  private LockProcess() {}

  public static void main(String[] arguments) throws IOException {
    LocalStorage storage = LocalStorage.at(Path.of(arguments[0]));
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Optional<StorageLock> held = Optional.empty();
    for (String command = commands.readLine(); command != null; command = commands.readLine()) {
      if (held.isPresent()) {
        held.get().close();
      }
      boolean release = command.equals("release");
      held = release ? Optional.empty() : storage.tryLock(command.equals("exclusive"));
      System.out.println(release || held.isPresent());
    }
  }
}
