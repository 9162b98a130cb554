package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.recovery.report.StatusPage;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.deployment.ApplicationChecks;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a status page that a web server other than the application's can show. */
@Command(
    name = "status-page",
    description = "Write index.html and status.json into DIR, from the journals of this machine.")
final class StatusPageCommand extends PageCommand {
  @Parameters(paramLabel = "DIR", description = "Where to; made if it is not there.")
  private Path directory;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "Chatbot",
      description = "The name of the application for its users.")
  private String name;

  @Option(names = "--data", paramLabel = "DATA", description = "Check this data directory too.")
  private Path data;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Check the page of the application too.")
  private String url;

  @Override
  List<Path> write(List<RunReport> history, List<Component> components) throws Exception {
    if (BackupChecks.isThere(directory)) {
      throw new CommandException(
          Names.of(directory),
          Names.of(directory) + ": it is a repository, and a page does not belong there",
          "Name the directory that a web server shows: dr status-page DIR.");
    }
    Clock clock = Clock.systemUTC();
    return StatusPage.of(name, history, health(clock), clock.instant()).write(directory);
  }

  private Optional<Status> health(Clock clock) throws Exception {
    if (data == null) {
      return Optional.empty();
    }
    ApplicationChecks checks = ApplicationChecks.of(data).sampleNow();
    if (url != null) {
      checks = checks.url(WebAddress.read(url));
    }
    try (HealthMonitor monitor = HealthMonitor.builder().clock(clock).build()) {
      checks.register(monitor);
      return Optional.of(monitor.check().status());
    }
  }
}
