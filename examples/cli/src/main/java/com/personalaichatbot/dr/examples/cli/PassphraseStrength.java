package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.crypto.Secret;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import me.gosimple.nbvcxz.Nbvcxz;
import me.gosimple.nbvcxz.resources.ConfigurationBuilder;

/**
 * Estimates how many guesses an attacker needs who tries words, names, dates, keyboard rows and
 * what people make of them, before anything else.
 */
final class PassphraseStrength {
  /**
   * Below this many guesses a warning is due. A machine with some dozen graphics cards makes tens
   * of thousands a second at the recommended cost.
   */
  private static final BigDecimal FEW = BigDecimal.valueOf(1_000_000);

  /** Longer than this nobody's dictionary is; the estimate gets slow. */
  private static final int LOOKED_AT = 64;

  private static final long MILLIS = 500;

  private PassphraseStrength() {}

  /** What to say of a passphrase that a dictionary attack finds in seconds; empty of any other. */
  static Optional<String> warning(Secret passphrase) {
    byte[] bytes = passphrase.copyBytes();
    String text = new String(bytes, StandardCharsets.UTF_8);
    Arrays.fill(bytes, (byte) 0);
    String looked = text.substring(0, Math.min(LOOKED_AT, text.length()));
    Nbvcxz estimator = new Nbvcxz(
        new ConfigurationBuilder().setCombinationAlgorithmTimeout(MILLIS).createConfiguration());
    if (estimator.estimate(looked).getGuesses().compareTo(FEW) >= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "warning: a dictionary attack finds this passphrase in seconds, and with it everything that"
            + " is backed up; use six or more random words, and change it with dr key passwd"
            + " --new-passphrase-file FILE");
  }
}
