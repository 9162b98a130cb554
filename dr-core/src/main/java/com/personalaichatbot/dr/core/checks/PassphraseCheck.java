package com.personalaichatbot.dr.core.checks;

import com.personalaichatbot.dr.core.operation.WrongKeyException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.crypto.Secret;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * A trial of the passphrase that is kept for the worst day: it must still open a key slot. Deriving
 * the key costs about a second of a processor and much memory by intent, so once a day is often
 * enough.
 */
final class PassphraseCheck implements HealthCheck {
  private final BackupRepository repository;
  private final Supplier<Secret> passphrase;

  PassphraseCheck(BackupRepository repository, Supplier<Secret> passphrase) {
    this.repository = repository;
    this.passphrase = passphrase;
  }

  @Override
  public CheckSettings settings() {
    return CheckSettings.DEFAULT
        .every(Duration.ofDays(1))
        .timeoutAfter(Duration.ofMinutes(5))
        .in(Health.RECOVERY);
  }

  @Override
  public CheckResult check() {
    try (Secret secret = passphrase.get()) {
      repository.keys().authenticate(secret);
      return CheckResult.up("the passphrase opens the repository");
    } catch (WrongKeyException wrong) {
      return CheckResult.down("KEY_DOES_NOT_OPEN", wrong.getMessage(), wrong.action());
    } catch (IOException silent) {
      return CheckDefaults.unreadable(silent);
    }
  }
}
