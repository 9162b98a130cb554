package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes the pin off a snapshot. */
@Command(name = "release", description = "Take the pin off a snapshot.")
final class Release extends RepositoryCommand {
  @Parameters(paramLabel = "ID", description = SnapshotArgument.DESCRIPTION)
  private String name;

  @Override
  int run(BackupRepository repository) throws IOException {
    SnapshotId id = SnapshotArgument.one(repository, name);
    repository.release(id);
    MarkResult.print(this, List.of(id.toString()), "released");
    return Exit.DONE;
  }
}
