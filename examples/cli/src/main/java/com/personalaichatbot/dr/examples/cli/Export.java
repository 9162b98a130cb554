package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.repository.BackupRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a snapshot as an archive that any tar opens. */
@Command(name = "export", description = "Write a snapshot as an archive that any tar opens.")
final class Export extends RepositoryCommand {
  @Parameters(
      index = "0",
      paramLabel = SnapshotArgument.LABEL,
      description = SnapshotArgument.DESCRIPTION)
  private String snapshot;

  @Parameters(index = "1", paramLabel = "FILE", description = "Ends in .tar.gz or .tar.zst.")
  private Path file;

  @Option(names = "--component", paramLabel = "NAME", description = "Only this component.")
  private List<String> components = new ArrayList<>();

  @Override
  int run(BackupRepository repository) throws IOException {
    history(repository);
    ExchangeResult.print(
        this,
        repository,
        repository.exportTo(SnapshotArgument.selector(repository, snapshot), components, file));
    return Exit.DONE;
  }
}
