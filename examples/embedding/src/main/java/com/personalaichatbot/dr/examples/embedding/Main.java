package com.personalaichatbot.dr.examples.embedding;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.crypto.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Scanner;

/** {@code Main SHELF REPOSITORY}: reads an item and how many there are of it, again and again. */
final class Main {
  public static void main(String[] args) throws Exception {
    Pantry pantry = new Pantry(Path.of(args[0]));
    try (Secret passphrase = Secret.ofPassphrase(System.getenv("PANTRY").toCharArray());
        DisasterRecovery recovery = DisasterRecovery.builder()
            .components(PantryRecovery.components(pantry))
            .repository(Path.of(args[1]))
            .passphrase(passphrase)
            .openOrCreate()) {
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
