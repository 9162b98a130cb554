package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.BackupRepository;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Puts back what the last restore in place replaced. */
@Command(name = "undo", description = "Put back what the last restore in place replaced.")
final class Undo extends RepositoryCommand {
  @Option(names = "--discard", description = "Give up what is kept for an undo instead.")
  private boolean discard;

  @Override
  int run(BackupRepository repository) throws IOException {
    if (discard) {
      repository.discardUndo();
      output()
          .print(
              json(),
              () -> Output.object().put("status", "DISCARDED"),
              out -> out.line("What was kept for an undo is gone."));
      return Exit.DONE;
    }
    RestoreResult result = RestoreResult.of(repository, repository.undo(List.of()));
    output().print(json(), result::json, result::text);
    return result.exit();
  }
}
