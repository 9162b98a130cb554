package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.HistoryState;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.RemovedSnapshot;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the snapshots. */
@Command(name = "snapshots", description = "List the snapshots, newest last.")
final class Snapshots extends RepositoryCommand {
  private static final int STATUS_WIDTH = 10;

  @Option(
      names = "--removed",
      description = "List those that were removed and can be taken back, with dr unforget.")
  private boolean removed;

  @Override
  int run(BackupRepository repository) throws IOException {
    HistoryState history = history(repository);
    if (removed) {
      List<RemovedSnapshot> gone = repository.removedSnapshots();
      output().print(json(), () -> with(history, removedJson(gone)), out -> removedText(gone, out));
      return exit(history);
    }
    List<Snapshot> snapshots = repository.snapshots();
    output().print(json(), () -> with(history, json(snapshots)), out -> text(snapshots, out));
    return exit(history);
  }

  /** A list that may lack something is never taken for a whole one. */
  private static int exit(HistoryState history) {
    return Exit.of(!history.damagedEntries().isEmpty(), List.of());
  }

  private static ObjectNode json(List<Snapshot> snapshots) {
    ObjectNode json = Output.object();
    ArrayNode list = json.putArray("snapshots");
    snapshots.forEach(snapshot -> describe(snapshot, list.addObject()));
    return json;
  }

  private static ObjectNode removedJson(List<RemovedSnapshot> removed) {
    ObjectNode json = Output.object();
    ArrayNode list = json.putArray("snapshots");
    for (RemovedSnapshot one : removed) {
      ObjectNode entry = list.addObject();
      describe(one.snapshot(), entry);
      entry
          .put("removed", one.removed().map(Object::toString).orElse(null))
          .put("graceEnds", one.graceEnds().map(Object::toString).orElse(null))
          .set("reasons", Output.array(one.reasons()));
    }
    return json;
  }

  private static void removedText(List<RemovedSnapshot> removed, Output out) {
    if (removed.isEmpty()) {
      out.line("No removal can be taken back.");
    }
    for (RemovedSnapshot one : removed) {
      text(List.of(one.snapshot()), out);
      out.line(
          "  removed (%s), %s",
          String.join(", ", one.reasons()),
          one.graceEnds()
              .map(end -> "can be taken back until " + Output.time(end))
              .orElse("can be taken back until a prune ran under a clock that can be believed"));
    }
  }

  private static void describe(Snapshot snapshot, ObjectNode json) {
    json.put("id", snapshot.id().toString())
        .put("sequence", snapshot.sequence())
        .put("time", snapshot.started().toString())
        .put("host", snapshot.host())
        .put("purpose", snapshot.purpose().name())
        .put("trust", snapshot.trust().name())
        .put("status", snapshot.status().name());
    json.set("components", Output.array(names(snapshot)));
    ArrayNode states = json.putArray("states");
    for (ComponentState component : snapshot.components()) {
      states
          .addObject()
          .put("name", component.name())
          .put("kind", component.kind().name())
          .put("path", component.path())
          .put("status", component.status().name())
          .put("files", component.files())
          .put("bytes", component.bytes());
    }
    json.put("files", snapshot.files()).put("bytes", snapshot.bytes());
    json.set("tags", Output.array(snapshot.tags()));
    snapshot
        .hold()
        .ifPresentOrElse(
            hold -> json.putObject("hold")
                .put("until", hold.until().map(Object::toString).orElse(null)),
            () -> json.putNull("hold"));
  }

  private static void text(List<Snapshot> snapshots, Output out) {
    if (snapshots.isEmpty()) {
      out.line("There are no snapshots yet.");
    }
    int width = snapshots.stream()
        .mapToInt(snapshot -> status(snapshot).length())
        .reduce(STATUS_WIDTH, Math::max);
    for (Snapshot snapshot : snapshots) {
      out.line(
          "%s  %s  %-10s %-10s %-" + width + "s %,7d files %9s  %s  %s%s%s",
          snapshot.id(),
          Output.time(snapshot.started()),
          snapshot.purpose(),
          snapshot.trust(),
          status(snapshot),
          snapshot.files(),
          Output.size(snapshot.bytes()),
          snapshot.host(),
          String.join(",", names(snapshot)),
          snapshot.tags().isEmpty() ? "" : "  #" + String.join(" #", snapshot.tags()),
          snapshot
              .hold()
              .flatMap(pin -> pin.until())
              .map(end -> "  held until " + Output.time(end))
              .orElse(""));
    }
  }

  /** The status as people read it: with the pin, if there is one. */
  private static String status(Snapshot snapshot) {
    return snapshot.status() + (snapshot.hold().isPresent() ? " HELD" : "");
  }

  private static List<String> names(Snapshot snapshot) {
    return snapshot.components().stream().map(ComponentState::name).toList();
  }
}
