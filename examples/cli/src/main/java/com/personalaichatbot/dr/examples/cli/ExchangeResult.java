package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.ExchangeReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;

/** The result of an export or import, as its command prints it. */
record ExchangeResult(SnapshotId snapshot, ExchangeReport report) {
  static void print(RepositoryCommand command, BackupRepository repository, ExchangeReport report)
      throws IOException {
    SnapshotId newest = SnapshotArgument.newest(repository, report.snapshots().values());
    ExchangeResult result = new ExchangeResult(newest, report);
    command.output().print(command.json(), result::json, result::text);
  }

  private ObjectNode json() {
    ObjectNode json = Output.object()
        .put("files", report.files())
        .put("bytes", report.bytes())
        .put("snapshot", snapshot.toString());
    ObjectNode snapshots = json.putObject("snapshots");
    report.snapshots().forEach((component, id) -> snapshots.put(component, id.toString()));
    json.set("notes", Output.array(report.notes()));
    return json.put("durationMillis", report.duration().toMillis());
  }

  private void text(Output out) {
    out.line("%-10s %s", "snapshot", snapshot);
    out.line("%-10s %,d, %s", "files", report.files(), Output.size(report.bytes()));
    report.notes().forEach(note -> out.line("%-10s %s", "note", note));
  }
}
