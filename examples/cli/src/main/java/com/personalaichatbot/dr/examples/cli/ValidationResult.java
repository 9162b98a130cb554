package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.ValidationReport;
import java.io.IOException;

/** The findings of a validation, as its commands print them. */
record ValidationResult(ValidationReport report) {
  /** Prints a report, and gives its exit code. */
  static int print(ValidationReport report, Dr dr) throws IOException {
    ValidationResult result = new ValidationResult(report);
    dr.output.print(dr.json, result::json, result::text);
    return Exit.of(report.status());
  }

  private ObjectNode json() {
    ObjectNode json = Output.object();
    json.put("status", report.status().name());
    ArrayNode findings = json.putArray("findings");
    for (Finding finding : report.findings()) {
      findings
          .addObject()
          .put("severity", finding.severity().name())
          .put("code", finding.code())
          .put("path", Names.of(finding.path()))
          .put("line", finding.line())
          .put("message", finding.message())
          .put("action", finding.action());
    }
    return json;
  }

  private void text(Output out) {
    for (Finding finding : report.findings()) {
      String line = finding.line() > 0 ? ":" + finding.line() : "";
      String action = finding.action().isEmpty() ? "" : "; " + finding.action();
      out.line(
          "%-7s  %s%s: %s%s",
          finding.severity(), Names.of(finding.path()), line, finding.message(), action);
    }
    out.line(
        "%s: %d errors, %d warnings, %d notes",
        report.status(),
        report.count(Severity.ERROR),
        report.count(Severity.WARNING),
        report.count(Severity.INFO));
  }
}
