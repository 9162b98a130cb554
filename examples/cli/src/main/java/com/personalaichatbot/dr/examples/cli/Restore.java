package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.operation.HistoryState;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a snapshot back. */
@Command(
    name = "restore",
    description = "Bring a snapshot back, into a directory or to where it was read from.")
final class Restore extends RepositoryCommand {
  @Parameters(paramLabel = SnapshotArgument.LABEL, description = SnapshotArgument.DESCRIPTION)
  private String snapshot;

  @ArgGroup(multiplicity = "1")
  private Target target;

  /** The target of the restore; exactly one of them. */
  static final class Target {
    @Option(names = "--to", paramLabel = "DIR", description = "Restore NAME to DIR/NAME.")
    private Path directory;

    @Option(
        names = "--in-place",
        description = "Restore to where it was read from; dr undo takes it back.")
    private boolean inPlace;
  }

  @Option(names = "--overwrite", description = "With --to: merge into what is there.")
  private boolean overwrite;

  @Option(
      names = "--delete-extra",
      description = "Remove what the snapshot does not hold, from the directories restored.")
  private boolean deleteExtra;

  @Option(names = "--component", paramLabel = "NAME", description = "Restore this one only.")
  private List<String> components = new ArrayList<>();

  @Option(names = "--include", paramLabel = "GLOB", description = "Restore what matches only.")
  private List<String> includes = new ArrayList<>();

  @Option(names = "--dry-run", description = "Print what would be done, and change nothing.")
  private boolean dryRun;

  @Override
  void check() {
    if (overwrite && target.inPlace) {
      throw new IllegalArgumentException("--overwrite goes with --to; --in-place always replaces");
    }
    if (target.directory != null && target.directory.toString().isEmpty()) {
      throw new IllegalArgumentException("--to names no directory");
    }
  }

  @Override
  int run(BackupRepository repository) throws IOException {
    long begun = System.nanoTime();
    HistoryState history = history(repository);
    Selector selector = SnapshotArgument.selector(repository, snapshot);
    RestorePlan plan = repository.planRestore(request(selector));
    RestoreResult result;
    if (dryRun) {
      result = RestoreResult.of(repository, plan, System.nanoTime() - begun);
    } else {
      RestoreReport report = repository.restore(plan, List.of());
      result = RestoreResult.of(repository, report);
    }
    output()
        .print(
            json(), () -> with(history, result.json()).put("head", history.head()), result::text);
    return result.exit();
  }

  private RestoreRequest request(Selector selector) {
    RestoreRequest request = target.inPlace
        ? RestoreRequest.inPlace(selector)
        : RestoreRequest.to(selector, target.directory);
    request = request.withComponents(components).withIncludes(includes);
    if (overwrite) {
      request = request.withOverwrite();
    }
    return deleteExtra ? request.withDeleteExtra() : request;
  }
}
