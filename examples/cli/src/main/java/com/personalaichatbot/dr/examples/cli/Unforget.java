package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes the removal of a snapshot back. */
@Command(
    name = "unforget",
    description = {
      "Take the removal of a snapshot back, and hold it.",
      "dr snapshots --removed lists those for which that is possible."
    })
final class Unforget extends RepositoryCommand {
  @Parameters(paramLabel = "ID", description = SnapshotArgument.DESCRIPTION)
  private String name;

  @Override
  int run(BackupRepository repository) throws IOException {
    SnapshotId id = SnapshotArgument.one(repository, name);
    repository.unforget(id);
    MarkResult.print(this, List.of(id.toString()), "listed and held");
    return Exit.DONE;
  }
}
