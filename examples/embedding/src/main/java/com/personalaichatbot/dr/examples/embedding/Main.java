package com.personalaichatbot.dr.examples.embedding;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.crypto.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Scanner;

/** {@code Main SHELF REPOSITORY}: reads an item and how many there are of it, again and again. */
final class Main {
  public static void main(String[] args) throws Exception {
    Pantry pantry = new Pantry(Path.of(args[0]));
    try (Secret passphrase = Secret.ofPassphrase(System.getenv("PANTRY").toCharArray());
        DisasterRecovery recovery = DisasterRecovery.of(
            BackupRepository.builder(LocalStorage.at(Path.of(args[1]))).openOrCreate(passphrase),
            PantryRecovery.components(pantry))) {
      PantryRecovery disasters = new PantryRecovery(pantry, recovery);
      System.out.println("Still damaged: " + disasters.recover());
      var onExit = recovery.backUpOnExit(Duration.ofSeconds(5));
      for (Scanner in = new Scanner(System.in); in.hasNext(); ) {
        pantry.put(in.next("[a-z]+"), in.nextInt());
      }
      onExit.close();
      disasters.backUp();
    }
  }
}
