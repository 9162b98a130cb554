package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says whether a snapshot is to be relied on. */
@Command(name = "mark", description = "Say that a snapshot is suspect, or take that back.")
final class Mark extends RepositoryCommand {
  /** What can be said. */
  enum Verdict {
    SUSPECT,
    CLEAN
  }

  @Parameters(index = "0", paramLabel = "ID", description = SnapshotArgument.DESCRIPTION)
  private String name;

  @Parameters(index = "1", paramLabel = "suspect|clean", description = "What it is.")
  private String word;

  private Verdict verdict;

  @Override
  void check() {
    verdict = switch (word) {
      case "suspect" -> Verdict.SUSPECT;
      case "clean" -> Verdict.CLEAN;
      default -> throw new IllegalArgumentException("'" + word + "' is neither suspect nor clean");
    };
  }

  @Override
  int run(BackupRepository repository) throws IOException {
    SnapshotId id = SnapshotArgument.one(repository, name);
    if (verdict == Verdict.SUSPECT) {
      repository.markSuspect(id);
    } else {
      repository.markClean(id);
    }
    MarkResult.print(this, List.of(id.toString()), verdict.name().toLowerCase(Locale.ROOT));
    return Exit.DONE;
  }
}
