package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.operation.ImportOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes a snapshot of what an archive holds. */
@Command(
    name = "import",
    description =
        "Make a snapshot of an archive: an export, any tar, or one of the original application.")
final class Import extends RepositoryCommand {
  @Parameters(paramLabel = "FILE", description = "The archive.")
  private Path file;

  @Override
  int run(BackupRepository repository) throws IOException {
    ExchangeResult.print(this, repository, repository.importFrom(file, ImportOptions.DEFAULT));
    return Exit.DONE;
  }
}
