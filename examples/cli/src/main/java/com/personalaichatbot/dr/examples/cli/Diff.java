package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.DiffReport;
import com.personalaichatbot.dr.core.operation.HistoryState;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Compares two snapshots. */
@Command(
    name = "diff",
    description = "Compare two snapshots. A and B are each an id, a prefix, latest or latest-good.")
final class Diff extends RepositoryCommand {
  @Parameters(index = "0", paramLabel = "A", description = "The first snapshot.")
  private String first;

  @Parameters(index = "1", paramLabel = "B", description = "The second snapshot.")
  private String second;

  @Override
  int run(BackupRepository repository) throws IOException {
    HistoryState history = history(repository);
    DiffReport report = repository.diff(
        SnapshotArgument.selector(repository, first),
        SnapshotArgument.selector(repository, second));
    output().print(json(), () -> with(history, json(report)), out -> text(report, out));
    return Exit.DONE;
  }

  private static ObjectNode json(DiffReport report) {
    ObjectNode json = Output.object();
    json.set("added", Output.array(report.added()));
    json.set("removed", Output.array(report.removed()));
    json.set("changed", Output.array(report.changed()));
    return json;
  }

  private static void text(DiffReport report, Output out) {
    report.added().forEach(path -> out.line("+ %s", path));
    report.removed().forEach(path -> out.line("- %s", path));
    report.changed().forEach(path -> out.line("~ %s", path));
  }
}
