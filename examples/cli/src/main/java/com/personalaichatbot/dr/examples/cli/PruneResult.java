package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.WaitingRemovals;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.util.List;

/** The result of a prune, done or planned, as its commands print it. */
record PruneResult(PrunePlan plan, long bytesFreed, boolean dryRun) {
  /** Executes a plan, unless it is only to be looked at, and prints it. */
  static int execute(
      BackupRepository repository, PrunePlan plan, boolean dryRun, RepositoryCommand command)
      throws IOException {
    if (dryRun && plan.blockage().isPresent()) {
      throw plan.blockage().get().toException();
    }
    long freed = dryRun ? plan.bytesFreed() : repository.prune(plan).bytesFreed();
    PruneResult result = new PruneResult(plan, freed, dryRun);
    command.output().print(command.json(), result::json, result::text);
    return Exit.DONE;
  }

  private ObjectNode json() {
    ObjectNode json = Output.object();
    decisions(json.putArray("removed"), plan.removed());
    decisions(json.putArray("kept"), plan.kept());
    json.set(
        "swept", Output.array(plan.swept().stream().map(SnapshotId::toString).toList()));
    describe(plan.waiting(), json.putObject("waiting"));
    return json.put("bytesFreed", bytesFreed)
        .put("dryRun", dryRun)
        .put("clockDoubt", plan.clockDoubt().orElse(null));
  }

  /** What waits for the end of its grace. */
  static void describe(WaitingRemovals waiting, ObjectNode json) {
    json.put("snapshots", waiting.snapshots())
        .put("bytes", waiting.bytes())
        .put("nextEnd", waiting.nextEnd().map(Object::toString).orElse(null));
  }

  /** What waits, for people; nothing if nothing does. */
  static void text(WaitingRemovals waiting, Output out) {
    if (waiting.snapshots() > 0) {
      out.line(
          "%-10s %d removed snapshots with %s%s",
          "waiting",
          waiting.snapshots(),
          Output.size(waiting.bytes()),
          waiting.nextEnd().map(end -> ", the first until " + Output.time(end)).orElse(""));
      out.line("%-10s dr unforget ID takes a removal back, dr prune --now deletes the data", "");
    }
  }

  private static void decisions(ArrayNode array, List<PrunePlan.Decision> decisions) {
    for (PrunePlan.Decision decision : decisions) {
      ObjectNode one = array.addObject().put("id", decision.id().toString());
      one.set("reasons", Output.array(decision.reasons()));
    }
  }

  private void text(Output out) {
    if (dryRun) {
      out.line("This would be done; nothing was changed.");
    }
    plan.kept().forEach(d -> out.line("%-10s %s  %s", "keep", d.id(), words(d)));
    plan.removed().forEach(d -> out.line("%-10s %s  %s", "remove", d.id(), words(d)));
    plan.clockDoubt().ifPresent(doubt -> {
      out.line("%-10s the clock is doubtful: %s", "clock", Output.withTimes(doubt));
      out.line("%-10s so nothing is removed for its age; if it is right, say --accept-clock", "");
    });
    plan.swept().forEach(id -> out.line("%-10s %s", "delete", id));
    text(plan.waiting(), out);
    out.line("%-10s %s", dryRun ? "would free" : "freed", Output.size(bytesFreed));
  }

  private static String words(PrunePlan.Decision decision) {
    return String.join(", ", decision.reasons());
  }
}
