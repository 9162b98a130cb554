package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Records what a person knows about a snapshot. */
@Command(
    name = "mark",
    description = "Say that a snapshot is suspect, take that back, or accept that it is SHRUNK.")
final class Mark extends RepositoryCommand {
  /** The possible judgements. */
  enum Verdict {
    SUSPECT,
    CLEAN,
    ACCEPTED
  }

  @Parameters(index = "0", paramLabel = "ID", description = SnapshotArgument.DESCRIPTION)
  private String name;

  @Parameters(
      index = "1",
      paramLabel = "suspect|clean|accepted",
      description = "What it is.",
      completionCandidates = Verdicts.class)
  private String word;

  private Verdict verdict;

  /** The judgements, as completion offers them. */
  static final class Verdicts extends Words {
    Verdicts() {
      super(List.of("suspect", "clean", "accepted"));
    }
  }

  @Override
  void check() {
    verdict = switch (word) {
      case "suspect" -> Verdict.SUSPECT;
      case "clean" -> Verdict.CLEAN;
      case "accepted" -> Verdict.ACCEPTED;
      default ->
        throw new IllegalArgumentException(
            "'" + word + "' is not one of suspect, clean and accepted");
    };
  }

  @Override
  int run(BackupRepository repository) throws IOException {
    SnapshotId id = SnapshotArgument.one(repository, name);
    switch (verdict) {
      case SUSPECT -> repository.markSuspect(id);
      case CLEAN -> repository.markClean(id);
      default -> accept(repository, id);
    }
    MarkResult.print(this, List.of(id.toString()), verdict.name().toLowerCase(Locale.ROOT));
    return Exit.DONE;
  }

  private static void accept(BackupRepository repository, SnapshotId id) throws IOException {
    boolean isShrunk = repository.snapshots().stream()
        .filter(snapshot -> snapshot.id().equals(id))
        .anyMatch(s -> s.components().stream().anyMatch(c -> s.isShrunk(c.name())));
    if (!isShrunk) {
      throw new CommandException(
          "snapshot " + id,
          "snapshot " + id + " has no component that is SHRUNK, so nothing is to be accepted",
          "Look at the status of the snapshots with dr snapshots.");
    }
    repository.markAccepted(id);
  }
}
