package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Pins a snapshot. */
@Command(name = "hold", description = "Pin a snapshot, so that no rule removes it.")
final class Hold extends RepositoryCommand {
  @Parameters(paramLabel = "ID", description = SnapshotArgument.DESCRIPTION)
  private String name;

  @Option(
      names = "--until",
      paramLabel = "INSTANT",
      description =
          "When the pin ends, such as 2030-01-31T00:00:00Z, or 2030-01-31 for the start of"
              + " that day in UTC. Never, unless given.")
  private Instant until;

  @Override
  int run(BackupRepository repository) throws IOException {
    SnapshotId id = SnapshotArgument.one(repository, name);
    repository.hold(id, Optional.ofNullable(until));
    MarkResult.print(this, List.of(id.toString()), "held");
    return Exit.DONE;
  }
}
