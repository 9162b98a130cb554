package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.WaitingRemovals;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.RemovedSnapshot;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes single snapshots. */
@Command(
    name = "forget",
    description = {
      "Remove single snapshots.",
      "What only they needed is freed once the removal can no longer be taken back."
    })
final class Forget extends RepositoryCommand {
  @Parameters(arity = "1..*", paramLabel = "ID", description = SnapshotArgument.DESCRIPTION)
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--yes",
      description = "Also the last verified one of a component, and one that is held.")
  private boolean yes;

  @Mixin
  private GraceOptions grace = new GraceOptions();

  @Override
  void check() {
    grace.options();
  }

  @Override
  int run(BackupRepository repository) throws IOException {
    Set<SnapshotId> ids = new LinkedHashSet<>();
    for (String name : names) {
      ids.add(SnapshotArgument.one(repository, name));
    }
    if (!yes) {
      refusePrecious(repository.snapshots(), ids);
    }
    List<RemovedSnapshot> already = grace.isNow()
        ? List.of()
        : repository.removedSnapshots().stream()
            .filter(one -> ids.remove(one.snapshot().id()))
            .toList();
    already.forEach(one -> warn(alreadyRemoved(one)));
    PrunePlan plan = repository.planForget(ids, grace.options());
    WaitingRemovals waiting =
        ids.isEmpty() ? plan.waiting() : repository.prune(plan).waiting();
    List<String> changed = ids.stream().map(SnapshotId::toString).toList();
    output()
        .print(
            json(),
            () -> {
              ObjectNode json = Output.object();
              json.set("changed", Output.array(changed));
              json.set(
                  "already",
                  Output.array(already.stream()
                      .map(one -> one.snapshot().id().toString())
                      .toList()));
              PruneResult.describe(waiting, json.putObject("waiting"));
              return json;
            },
            out -> {
              changed.forEach(id -> out.line("%-10s %s", "removed", id));
              PruneResult.text(waiting, out);
            });
    return Exit.DONE;
  }

  private static String alreadyRemoved(RemovedSnapshot one) {
    return "snapshot " + one.snapshot().id() + " was removed already"
        + one.removed().map(at -> ", on " + Output.time(at)).orElse("")
        + ", and is left as it is; dr unforget takes that back"
        + one.graceEnds().map(end -> " until " + Output.time(end)).orElse("")
        + ", and dr forget --now deletes its data";
  }

  private static void refusePrecious(List<Snapshot> snapshots, Set<SnapshotId> ids)
      throws CommandException {
    for (Snapshot snapshot : snapshots) {
      if (!ids.contains(snapshot.id())) {
        continue;
      }
      if (snapshot.hold().isPresent()) {
        throw new CommandException(
            snapshot.id().toString(),
            "snapshot " + snapshot.id() + " is held",
            "Release it first, or say --yes.");
      }
      Optional<String> last = snapshot.components().stream()
          .map(ComponentState::name)
          .filter(name -> snapshot.isGoodFor(name) && !others(snapshots, ids, snapshot, name))
          .findFirst();
      if (last.isPresent()) {
        throw new CommandException(
            snapshot.id().toString(),
            "snapshot " + snapshot.id() + " is the last verified one of " + last.get(),
            "Verify another one first, or say --yes.");
      }
    }
  }

  private static boolean others(
      List<Snapshot> snapshots, Set<SnapshotId> ids, Snapshot than, String component) {
    return snapshots.stream()
        .anyMatch(
            s -> !ids.contains(s.id()) && s.host().equals(than.host()) && s.isGoodFor(component));
  }
}
