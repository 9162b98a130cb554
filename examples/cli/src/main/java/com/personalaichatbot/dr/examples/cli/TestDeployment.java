package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.health.deployment.DeploymentReport;
import com.personalaichatbot.dr.health.deployment.DeploymentTests;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tests an installation from outside and inside. */
@Command(
    name = "test-deployment",
    description = "Test that an installation works; changes nothing.")
final class TestDeployment extends DataCommand {
  @Option(
      names = "--url",
      paramLabel = "URL",
      required = true,
      description = "The page of the running application.")
  private String url;

  @Override
  int run(Path data) throws Exception {
    DeploymentReport report = DeploymentTests.of(data, WebAddress.read(url)).run();
    dr().output.print(dr().json, () -> json(report), out -> text(report, out));
    return Exit.of(report.status());
  }

  private static ObjectNode json(DeploymentReport report) {
    ObjectNode json = Output.object();
    json.put("status", report.status().name());
    ArrayNode tests = json.putArray("tests");
    report
        .results()
        .forEach(result -> tests
            .addObject()
            .put("name", result.name())
            .put("result", result.outcome().name())
            .put("message", result.message())
            .put("durationMillis", result.duration().toMillis()));
    return json;
  }

  private static void text(DeploymentReport report, Output out) {
    report
        .results()
        .forEach(result -> out.line(
            "%-6s  %-13s %5d ms  %s",
            result.outcome(), result.name(), result.duration().toMillis(), result.message()));
    out.line("%s", report.status());
  }
}
