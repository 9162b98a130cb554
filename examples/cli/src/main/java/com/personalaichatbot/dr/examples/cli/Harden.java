package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.health.security.HardeningPlan;
import com.personalaichatbot.dr.health.security.HardeningReport;
import com.personalaichatbot.dr.health.security.PermissionChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes the rights of everybody but the owner away, and gives them back. */
@Command(
    name = "harden",
    description = {
      "Take the rights of everybody but the owner away: directories 700, files 600.",
      "Links are left alone. --undo puts back what harden changed."
    })
final class Harden extends DataCommand {
  @Option(names = "--dry-run", description = "Print the plan and change nothing.")
  private boolean dryRun;

  @Option(names = "--undo", description = "Put back what earlier runs changed.")
  private boolean undo;

  @Override
  int run(Path data) throws IOException {
    if (!Files.isDirectory(data)) {
      throw new CommandException(
          Names.of(data), Names.of(data) + " is not a directory", "Nothing was changed.");
    }
    HardeningRecord record = new HardeningRecord(new Remembered(dr(), data));
    HardeningPlan plan = undo ? record.undo(data) : HardeningPlan.of(data);
    HardeningReport report = dryRun
        ? new HardeningReport(data, plan.changes(), plan.notes(), plan.failures())
        : execute(data, plan, record);
    dr().output.print(dr().json, () -> json(report), out -> text(report, out));
    if (report.failures().isEmpty()) {
      return Exit.DONE;
    }
    return report.changed().isEmpty() ? Exit.FAILED : Exit.INCOMPLETE;
  }

  /** What undoes it is durable before anything is changed. */
  private HardeningReport execute(Path data, HardeningPlan plan, HardeningRecord record)
      throws IOException {
    if (undo) {
      HardeningReport report = plan.execute();
      if (report.failures().isEmpty()) {
        record.clear();
      }
      return report;
    }
    try {
      record.add(plan.changes());
    } catch (IOException e) {
      throw new CommandException(
          Names.of(data),
          Names.of(data) + ": what would undo it cannot be kept: "
              + Failure.of(e, "dr harden").message(),
          "Nothing was changed; name a directory for it with --state.");
    }
    return plan.execute();
  }

  private ObjectNode json(HardeningReport report) {
    ObjectNode json = Output.object();
    ArrayNode changed = json.putArray("changed");
    for (PermissionChange change : report.changed()) {
      changed
          .addObject()
          .put("path", Names.of(change.path()))
          .put("from", change.from())
          .put("to", change.to());
    }
    json.set("notes", Output.array(report.notes().stream().map(Harden::text).toList()));
    ArrayNode failures = json.putArray("failures");
    report
        .failures()
        .forEach(failure -> failures
            .addObject()
            .put("path", Names.of(failure.path()))
            .put("reason", failure.reason()));
    return json.put("dryRun", dryRun);
  }

  private static String text(HardeningReport.Note note) {
    return Names.of(note.path()) + " " + note.text();
  }

  private void text(HardeningReport report, Output out) {
    for (PermissionChange change : report.changed()) {
      out.line("%s -> %s  %s", change.from(), change.to(), Names.of(change.path()));
    }
    report.notes().forEach(note -> out.line("note       %s", text(note)));
    report
        .failures()
        .forEach(
            failure -> out.line("failed     %s: %s", Names.of(failure.path()), failure.reason()));
    out.line(
        dryRun ? "%d paths would change" : "%d paths changed", report.changed().size());
  }
}
