package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Makes a repository. */
@Command(
    name = "init",
    description = "Make a repository in an empty directory, or one that does not exist yet.")
final class Init implements Callable<Integer> {
  @ParentCommand
  private Dr dr;

  @Override
  public Integer call() throws IOException {
    BackupRepository.Builder builder = dr.repository.builder(dr.environment, progress -> {});
    try (Secret passphrase = Passphrase.readFirst(dr);
        BackupRepository repository = builder.create(passphrase)) {
      PassphraseStrength.warning(passphrase).ifPresent(dr::warn);
      dr.output.print(dr.json, () -> Output.object().put("repository", repository.id()), out -> {
        out.line("Repository %s is made.", repository.id());
        out.line("Without its passphrase nothing in it can be read: keep that elsewhere.");
      });
      return Exit.DONE;
    }
  }
}
