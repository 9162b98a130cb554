package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.HistoryState;
import com.personalaichatbot.dr.core.operation.ListedEntry;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists what a snapshot holds. */
@Command(name = "ls", description = "List what a snapshot holds, without restoring it.")
final class Ls extends RepositoryCommand {
  @Parameters(
      index = "0",
      paramLabel = SnapshotArgument.LABEL,
      description = SnapshotArgument.DESCRIPTION)
  private String snapshot;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      defaultValue = "",
      description = "NAME/rest: this entry and what is below it.")
  private String path;

  @Override
  int run(BackupRepository repository) throws IOException {
    HistoryState history = history(repository);
    if (json()) {
      ObjectNode json = with(history, Output.object());
      ObjectNode used = json.putObject("snapshots");
      ArrayNode entries = json.putArray("entries");
      list(repository, entry -> describe(entry, entries.addObject()))
          .forEach((component, id) -> used.put(component, id.toString()));
      output().print(json);
    } else {
      Output out = output();
      list(repository, entry -> line(entry, out));
      out.flush();
    }
    return Exit.DONE;
  }

  /** Lists, and says which snapshot was used of each component. */
  private Map<String, SnapshotId> list(BackupRepository repository, Consumer<ListedEntry> entries)
      throws IOException {
    Map<String, SnapshotId> chosen = path.isEmpty()
        ? SnapshotArgument.choose(
            this, repository, SnapshotArgument.selector(repository, snapshot), List.of())
        : Map.of(
            SnapshotArgument.component(path),
            SnapshotArgument.holding(this, repository, snapshot, path));
    for (Map.Entry<String, SnapshotId> one : chosen.entrySet()) {
      repository.list(one.getValue(), path.isEmpty() ? one.getKey() : path, entries);
    }
    return chosen;
  }

  private static void describe(ListedEntry entry, ObjectNode json) {
    json.put("path", entry.path())
        .put("type", entry.type().name())
        .put("mode", mode(entry))
        .put("size", entry.size())
        .put("mtime", entry.modified().toString())
        .put("linkTarget", entry.linkTarget().orElse(null));
  }

  private static void line(ListedEntry entry, Output out) {
    out.line(
        "%s %s %,14d  %s  %s%s",
        entry.type() == ListedEntry.Type.DIRECTORY
            ? "d"
            : entry.type() == ListedEntry.Type.SYMLINK ? "l" : "-",
        mode(entry),
        entry.size(),
        entry.modified().truncatedTo(ChronoUnit.SECONDS),
        entry.path(),
        entry.linkTarget().map(target -> " -> " + target).orElse(""));
  }

  private static String mode(ListedEntry entry) {
    return String.format(Locale.ROOT, "%04o", entry.mode());
  }
}
