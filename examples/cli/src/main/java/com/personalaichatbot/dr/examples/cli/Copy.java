package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.CopyReport;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.HistoryState;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a second copy of the repository, or brings it up to date. */
@Command(
    name = "copy",
    description = {
      "Bring a copy of the repository up to date, or make it: on a medium that is kept elsewhere.",
      "It opens with the same passphrase and is read-only. If the repository is lost, delete the"
          + " file 'copy' in it: then it is the repository. If it is damaged: dr heal."
    })
final class Copy extends RepositoryCommand {
  @Parameters(paramLabel = "DIR", description = "The place of the copy.")
  private String text;

  @ArgGroup
  private Present present = new Present();

  /** The share of the copy's content that is read back; at most one of them. */
  static final class Present {
    @Option(
        names = "--structure",
        description = "Look at names and lengths of what the copy has, as without an option.")
    private boolean structure;

    @Option(
        names = "--sample",
        paramLabel = "PERCENT",
        description = "Read back a share of what the copy has, and repair it.")
    private Integer percent;

    @Option(
        names = "--read-data",
        description = "Read back everything that the copy has, and repair it.")
    private boolean readData;

    VerifyOptions options() {
      if (readData) {
        return VerifyOptions.readAll();
      }
      return percent == null ? VerifyOptions.structure() : VerifyOptions.sample(percent);
    }
  }

  private Path directory;
  private VerifyOptions options;

  @Override
  void check() {
    directory = RepositoryOptions.directory(text, "the place of the copy");
    options = present.options();
  }

  @Override
  int run(BackupRepository repository) throws IOException {
    HistoryState history = history(repository);
    CopyReport report;
    try (LocalStorage target = LocalStorage.at(directory)) {
      report = repository.copies().copyTo(target, options);
    }
    output().print(json(), () -> with(history, json(report)), out -> {
      text(report, out);
      if (report.lag().entries() > 0) {
        out.line(
            "%-10s %,d entries behind the original, %,d snapshots among them",
            "lag", report.lag().entries(), report.lag().snapshots());
        out.line("The copy keeps what it has, for it would lose data by following the original.");
        out.line("Heal the original with dr heal, verify it, back up, and copy again.");
      } else if (!report.isWhole()) {
        out.line("Nothing damaged was copied. What the copy has whole, dr heal puts back.");
        out.line("Of the rest: dr verify tells what is damaged; back up, and copy again.");
      }
    });
    return Exit.of(!report.isWhole(), List.of());
  }

  static ObjectNode json(CopyReport report) {
    ObjectNode json = Output.object()
        .put("filesCopied", report.filesCopied())
        .put("filesMended", report.filesMended())
        .put("bytesCopied", report.bytesCopied());
    ArrayNode damages = json.putArray("damages");
    for (Damage damage : report.damages()) {
      damages
          .addObject()
          .put("object", damage.object())
          .put("kind", damage.kind().name())
          .put("detail", damage.detail());
    }
    json.putObject("lag")
        .put("entries", report.lag().entries())
        .put("snapshots", report.lag().snapshots());
    return json.put("head", report.head())
        .put("durationMillis", report.duration().toMillis());
  }

  static void text(CopyReport report, Output out) {
    out.line(
        "%-10s %,d files, %s, in %.1f s",
        "copied",
        report.filesCopied(),
        Output.size(report.bytesCopied()),
        report.duration().toMillis() / 1000.0);
    if (report.filesMended() > 0) {
      out.line("%-10s %,d files", "mended", report.filesMended());
    }
    out.line("%-10s %s", "head", report.head());
    for (Damage damage : report.damages()) {
      out.line("%-10s %s %s: %s", "damage", damage.kind(), damage.object(), damage.detail());
    }
  }
}
