package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.HistoryState;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks what is stored. */
@Command(
    name = "verify",
    description = "Check what is stored, every byte of it unless said otherwise.")
final class Verify extends RepositoryCommand {
  private static final int MOST_LINES = 20;

  @ArgGroup
  private Depth depth = new Depth();

  @Option(
      names = "--accept-head",
      paramLabel = "FINGERPRINT",
      description = "Acknowledge a rollback or fork: take the history with this head for right.")
  private String acceptHead;

  /** The share that is read; at most one of them. */
  static final class Depth {
    @Option(names = "--structure", description = "Read names and trees, no data.")
    private boolean structure;

    @Option(names = "--sample", paramLabel = "PERCENT", description = "Read a share of the data.")
    private Integer percent;

    @Option(names = "--read-data", description = "Read every byte, as without an option.")
    private boolean readData;

    VerifyOptions options() {
      if (structure) {
        return VerifyOptions.structure();
      }
      return percent == null ? VerifyOptions.readAll() : VerifyOptions.sample(percent);
    }
  }

  private VerifyOptions options;

  @Override
  void check() {
    options = depth.options();
  }

  @Override
  int run(BackupRepository repository) throws IOException {
    if (acceptHead != null) {
      repository.acceptHead(acceptHead);
    }
    HistoryState history = history(repository);
    VerifyReport report = repository.verify(options);
    output()
        .print(
            json(),
            () -> with(history, json(report)).put("dataRead", !depth.structure),
            out -> text(report, out));
    return Exit.of(!report.isClean(), List.of());
  }

  private static ObjectNode json(VerifyReport report) {
    ObjectNode json = Output.object().put("status", report.status().name());
    ArrayNode damages = json.putArray("damages");
    for (Damage damage : report.damages()) {
      ObjectNode one = damages.addObject();
      one.put("object", damage.object()).put("kind", damage.kind().name());
      one.put("detail", damage.detail());
      one.set(
          "snapshots",
          Output.array(damage.snapshots().stream().map(SnapshotId::toString).toList()));
      one.set("paths", Output.array(damage.paths()));
    }
    json.set("notes", Output.array(report.notes()));
    return json.put("blobs", report.blobs())
        .put("bytes", report.bytes())
        .put("head", report.head())
        .put("durationMillis", report.duration().toMillis());
  }

  private void text(VerifyReport report, Output out) {
    out.line(
        isStructureOnly(report)
            ? "The structure of the repository is intact; no data was read. To read it: dr verify"
            : "The repository is %s.",
        report.status());
    out.line(
        "%-10s %,d blobs, %s, in %.1f s",
        "looked at",
        report.blobs(),
        Output.size(report.bytes()),
        report.duration().toMillis() / 1000.0);
    out.line("%-10s %s", "head", report.head());
    for (Damage damage : report.damages()) {
      out.line("%-10s %s %s: %s", "damage", damage.kind(), damage.object(), damage.detail());
      damage.snapshots().forEach(id -> out.line("%-10s snapshot %s", "", id));
      damage.paths().stream()
          .limit(MOST_LINES)
          .forEach(path -> out.line("%-10s path %s", "", path));
      if (damage.paths().size() > MOST_LINES) {
        out.line("%-10s and %,d more", "", damage.paths().size() - MOST_LINES);
      }
    }
    report.notes().forEach(note -> out.line("%-10s %s", "note", note));
    switch (report.status()) {
      case CLEAN -> {}
      case DAMAGED -> {
        out.line("If there is a copy: dr heal COPY puts back what it has whole. Then dr verify.");
        out.line(
            isOfHistory(report)
                ? "Without a copy: back up to a new repository and keep this one; restore, ls, cat"
                    + " and verify work as it is."
                : "Without a copy: dr backup stores again what the source still has. Then dr"
                    + " verify.");
      }
      case ROLLED_BACK, FORKED -> {
        out.line("Find out who replaced the repository. If there is a copy: dr heal COPY.");
        out.line("A snapshot that is named restores as it is: dr restore ID.");
        out.line("If the history is right as it is: dr verify --accept-head %s", report.head());
      }
    }
  }

  private boolean isStructureOnly(VerifyReport report) {
    return depth.structure && report.isClean();
  }

  /** Whether an entry of the history is among the damage: no backup brings that back. */
  private static boolean isOfHistory(VerifyReport report) {
    return report.damages().stream().anyMatch(damage -> damage.object().startsWith("catalog/"));
  }
}
