package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.repository.BackupRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Puts back what the last restore in place replaced. */
@Command(
    name = "undo",
    description = {
      "Put back what the last restore in place replaced.",
      "All components of that restore are put back together."
    })
final class Undo extends RepositoryCommand {
  @Option(names = "--discard", description = "Give up what is kept for an undo instead.")
  private boolean discard;

  @Option(
      names = "--confirm",
      paramLabel = "DIR",
      description =
          "Confirm that nobody else put there what a restore left in DIR, after its volume"
              + " was mounted again or the state directory was lost. Puts nothing back.")
  private Path confirmed;

  @Option(
      names = "--without-repository",
      description = "Use only the state directory, where the repository is lost.")
  private boolean withoutRepository;

  @Override
  void check() {
    int given = (discard ? 1 : 0) + (confirmed != null ? 1 : 0) + (withoutRepository ? 1 : 0);
    if (given > 1) {
      throw new IllegalArgumentException(
          "use only one of --discard, --confirm and --without-repository");
    }
  }

  @Override
  Optional<Integer> runWithoutRepository(BackupRepository.Builder builder) throws IOException {
    if (!withoutRepository) {
      return Optional.empty();
    }
    return Optional.of(print(RestoreResult.of(builder.undoWithoutRepository(List.of()))));
  }

  @Override
  int run(BackupRepository repository) throws IOException {
    if (discard) {
      repository.discardUndo();
      return print("DISCARDED", "What was kept for an undo is gone.");
    }
    if (confirmed != null) {
      repository.confirmRestore(confirmed);
      return print("CONFIRMED", "What a restore left there is taken for this client's own.");
    }
    return print(RestoreResult.of(repository, repository.undo(List.of())));
  }

  private int print(String status, String line) throws IOException {
    output().print(json(), () -> Output.object().put("status", status), out -> out.line(line));
    return Exit.DONE;
  }

  private int print(RestoreResult result) throws IOException {
    output().print(json(), result::json, result::undoneText);
    return result.exit();
  }
}
