package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.operation.CopyReport;
import com.personalaichatbot.dr.core.operation.RepositoryNotFoundException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Heals the repository from a copy of it. */
@Command(
    name = "heal",
    description = {
      "Put back from a copy what the repository lacks or has damaged, every byte of it read.",
      "It is the copy that is opened, with the passphrase that it was last copied with; the"
          + " repository need not open any more. What it did since is kept."
    })
final class Heal extends RepositoryCommand {
  @Parameters(paramLabel = "COPY", description = "The place of the copy.")
  private String text;

  @Option(
      names = "--structure",
      description = "Look at names and lengths of what the repository has, and read none of it.")
  private boolean structure;

  private Path original;

  @Override
  Path opened(Path named) {
    original = named;
    return RepositoryOptions.directory(text, "the place of the copy");
  }

  /** Says that it is the copy that is not there: the repository that is named is not opened. */
  @Override
  IOException named(RepositoryNotFoundException failure) {
    return new RepositoryNotFoundException(
        "the copy at " + failure.object(),
        "there is no repository",
        "check the path, and mount its volume. The command takes the place of the copy: dr heal COPY",
        failure);
  }

  @Override
  int run(BackupRepository copy) throws IOException {
    history(copy);
    CopyReport report;
    try (LocalStorage target = LocalStorage.at(original)) {
      report = copy.copies()
          .heal(target, structure ? VerifyOptions.structure() : VerifyOptions.readAll());
    }
    output().print(json(), () -> Copy.json(report), out -> {
      Copy.text(report, out);
      out.line(
          report.isWhole()
              ? "Run dr verify: it tells whether anything is left."
              : "The copy does not have whole what is damaged still. Back up: what the source"
                  + " still has is stored again. Then run dr verify.");
    });
    return Exit.of(!report.isWhole(), List.of());
  }
}
