package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.FileCounts;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.ShrunkComponent;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes one snapshot. */
@Command(name = "backup", description = "Take one snapshot of the components and paths named.")
final class Backup extends RepositoryCommand {
  /** The path of a failure that is not about one path. */
  private static final String WHOLE = "/";

  @Option(
      names = "--component",
      paramLabel = "SPEC",
      description =
          "KIND:NAME=PATH, KIND=PATH or PATH; KIND is config, secrets, conversations, logs, state"
              + " or custom.")
  private List<String> specs = new ArrayList<>();

  @Parameters(arity = "0..*", paramLabel = "PATH", description = "The same as custom:NAME=PATH.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--purpose",
      paramLabel = "PURPOSE",
      defaultValue = "manual",
      description = "scheduled, manual (unless given), shutdown, pre-change or quarantine.")
  private Purpose purpose;

  @Option(names = "--tag", paramLabel = "T", description = "A word to find the snapshot by.")
  private List<String> tags = new ArrayList<>();

  @Option(names = "--exclude", paramLabel = "GLOB", description = "Leave out what matches.")
  private List<String> excludes = new ArrayList<>();

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      description =
          "Take no longer, such as 8s. What is not reached is listed and carried over as stale.")
  private Duration deadline;

  @Option(
      names = "--accept-shrunk",
      description = "The loss of a component that is empty or lost most of its data is intended.")
  private boolean acceptShrunk;

  private List<Component> components;
  private BackupOptions options;

  @Override
  void check() {
    components = ComponentSpec.parseAll(specs, paths);
    options = BackupOptions.of(purpose).withTags(tags).withExcludes(excludes);
    if (deadline != null) {
      options = options.withDeadline(deadline);
    }
    if (acceptShrunk) {
      options = options.withShrunkAccepted();
    }
  }

  @Override
  int run(BackupRepository repository) throws IOException {
    BackupReport report = repository.backUp(components, options);
    if (report.snapshot().isEmpty()) {
      throw nothingRead(report);
    }
    Snapshot snapshot = report.snapshot().get();
    for (ShrunkComponent shrunk : report.unaccepted()) {
      warn("component " + shrunk + "; its snapshot is SHRUNK and never latest-good. See whether its"
          + " volume is mounted. If the loss is intended, run dr mark " + snapshot.id()
          + " accepted");
    }
    output().print(json(), () -> json(snapshot, report), out -> text(snapshot, report, out));
    return report.status() == BackupStatus.COMPLETE ? Exit.DONE : Exit.INCOMPLETE;
  }

  private static CommandException nothingRead(BackupReport report) {
    PathProblem first = report.failures().get(0);
    if (first.path().equals(WHOLE)) {
      return new CommandException(
          "backup", "backup: " + first.reason(), "Give it a longer --deadline.");
    }
    int more = report.failures().size() - 1;
    return new CommandException(
        first.path(),
        first.path()
            + ": "
            + first.reason()
            + (more == 0 ? "" : " (and " + more + " more)")
            + "; nothing could be read, so there is no snapshot",
        "Look at the paths of the components.");
  }

  private static ObjectNode json(Snapshot snapshot, BackupReport report) {
    ObjectNode json = Output.object()
        .put("snapshot", snapshot.id().toString())
        .put("sequence", snapshot.sequence())
        .put("status", report.status().name())
        .put("purpose", snapshot.purpose().name())
        .put("head", report.head());
    FileCounts files = report.files();
    json.putObject("files")
        .put("new", files.created())
        .put("changed", files.changed())
        .put("unchanged", files.unchanged())
        .put("removed", files.removed())
        .put("failed", files.failed());
    json.set("failures", Output.problems(report.failures()));
    json.set("skipped", Output.problems(report.skipped()));
    ArrayNode shrunk = json.putArray("shrunk");
    for (ShrunkComponent one : report.shrunk()) {
      shrunk
          .addObject()
          .put("component", one.component())
          .put("before", one.before().files())
          .put("after", one.after().files())
          .put("bytesBefore", one.before().bytes())
          .put("bytesAfter", one.after().bytes())
          .put("accepted", one.accepted());
    }
    json.putObject("bytes")
        .put("read", report.bytesRead())
        .put("added", report.bytesAdded())
        .put("stored", report.bytesStored());
    return json.put("durationMillis", report.duration().toMillis());
  }

  private static void text(Snapshot snapshot, BackupReport report, Output out) {
    FileCounts files = report.files();
    out.line("Snapshot %s is %s.", snapshot.id(), report.status());
    out.line(
        "%-10s %,d new, %,d changed, %,d unchanged, %,d removed, %,d failed",
        "files",
        files.created(),
        files.changed(),
        files.unchanged(),
        files.removed(),
        files.failed());
    out.line(
        "%-10s %s read, %s new, %s stored, in %.1f s",
        "data",
        Output.size(report.bytesRead()),
        Output.size(report.bytesAdded()),
        Output.size(report.bytesStored()),
        report.duration().toMillis() / 1000.0);
    out.line("%-10s %s", "head", report.head());
    report
        .shrunk()
        .forEach(one -> out.line("%-10s %s%s", "shrunk", one, one.accepted() ? ", accepted" : ""));
    out.problems("failed", report.failures());
    out.problems("skipped", report.skipped());
  }
}
