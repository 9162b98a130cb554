package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.communication.CommunicationPlan;
import com.personalaichatbot.dr.core.recovery.objective.Objectives;
import com.personalaichatbot.dr.core.recovery.report.RunbookDocument;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes the document for people, to be printed and kept where it can be found. */
@Command(
    name = "runbook",
    description = "Write the disaster recovery document: contacts, scenarios, checklists.")
final class RunbookCommand extends PageCommand {
  @Parameters(paramLabel = "FILE.html", description = "Where to; replaced if it is there.")
  private Path file;

  @Override
  List<Path> write(List<RunReport> history, List<Component> components) throws Exception {
    List<Runbook> runbooks =
        Arrays.stream(Scenario.values()).map(Recovery::builtIn).toList();
    return RunbookDocument.of(
            runbooks,
            CommunicationPlan.recommended(),
            Objectives.of(components).all(),
            history,
            Clock.systemUTC().instant())
        .write(file);
  }
}
