package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.internal.recovery.run.StepFailedException;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.Impact;
import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.Urgency;
import com.personalaichatbot.dr.health.ValidationReport;
import com.personalaichatbot.dr.health.security.HardeningPlan;
import com.personalaichatbot.dr.health.security.HardeningReport;
import com.personalaichatbot.dr.health.security.SecurityValidator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Scenario 5: somebody was in the system. Evidence is kept and verified before anything is
 * destroyed, and no secret that was known comes back into use.
 */
final class SecurityBreach {
  private static final Duration MINUTES = Duration.ofMinutes(10);
  private static final Duration HOURS = Duration.ofHours(4);
  private static final String OFFICER = "security officer";

  private SecurityBreach() {}

  static Runbook runbook() {
    Scenario scenario = Scenario.SECURITY_BREACH;
    DataSteps data = new DataSteps(DataScope.ALL_BUT_SECRETS);
    return ScenarioSteps.runbook(
        scenario,
        List.of(
            Evidence.preserve("preserve-evidence", "Preserve all logs and evidence"),
            isolate(),
            notifySecurity(),
            ApplicationSteps.stop(),
            Evidence.preserve("preserve-rest", "Preserve what was written until the stop"),
            Evidence.verify(),
            reviewAccessLogs(),
            Step.parallel(
                    "assess",
                    "Assess what was changed",
                    List.of(Evidence.assessChanges(), Evidence.assessIntegrity()))
                .timeout(HOURS)
                .build(),
            rotate(),
            Secrets.check(),
            data.chooseSnapshots(true),
            data.planAll(),
            approveReset(),
            Evidence.reset(),
            reinstall(),
            data.restoreAll(true),
            NewerFiles.find(),
            NewerFiles.approve(),
            NewerFiles.take(),
            Secrets.put(),
            harden(),
            data.verifyData(),
            validateSecurity(),
            ApplicationSteps.start(run -> {
              DataSteps.requireRestored(run);
              Secrets.requireRenewed(run);
            }),
            ValidationSteps.tests(),
            ApplicationSteps.verify(),
            reconnect()));
  }

  private static Step isolate() {
    return Step.hook("isolate", HookKind.ISOLATE)
        .byHand("Disconnect the machine from the network, and disable remote access.")
        .owner(OFFICER)
        .timeout(HOURS)
        .build();
  }

  private static Step notifySecurity() {
    return Step.notify(
            "notify-security",
            "Tell the security team",
            "security",
            context -> "A breach is being dealt with, incident " + context.incident()
                + ". Detected at " + context.detected()
                + ". Tell nobody outside of the response team.")
        .urgency(Urgency.RESTRICTED)
        .byHand("Tell the security team, past the channels that an intruder may read.")
        .timeout(Duration.ofMinutes(1))
        .build();
  }

  private static Step reviewAccessLogs() {
    return Step.manual("review-access-logs", "Review the access logs")
        .byHand("Review the access logs, and note since when somebody was in the system.")
        .owner(OFFICER)
        .timeout(Duration.ofHours(24))
        .build();
  }

  private static Step rotate() {
    return Step.hook("rotate-secrets", HookKind.ROTATE_SECRETS)
        .byHand("Make all passwords and API keys worthless where they are issued, and write the"
            + " new ones into a .env file outside of the data directory.")
        .owner(OFFICER)
        .timeout(Duration.ofHours(24))
        .build();
  }

  private static Step approveReset() {
    return Step.approve("approve-reset", "Approve the removal of the data directory")
        .byHand("Everything in the data directory will be deleted. The evidence is verified and"
            + " held. Go on?")
        .impact(Impact.DESTRUCTIVE)
        .owner(OFFICER)
        .timeout(Duration.ofHours(24))
        .build();
  }

  private static Step reinstall() {
    return Step.hook("reinstall", HookKind.INSTALL)
        .title("Uninstall and reinstall the application")
        .byHand("Uninstall the application and install it again, with the installer for Linux,"
            + " macOS or Windows, and do not start it.")
        .timeout(HOURS)
        .build();
  }

  private static Step harden() {
    return Step.action("harden", "Reapply permissions", context -> {
          HardeningReport report = HardeningPlan.of(context.data()).execute();
          report.notes().stream().limit(20).map(Object::toString).forEach(context::note);
          context.detail("changed", Integer.toString(report.changed().size()));
          if (!report.failures().isEmpty()) {
            HardeningReport.Failure first = report.failures().get(0);
            throw new StepFailedException(report.failures().size()
                + " could not be hardened, the first " + first.path() + ": " + first.reason());
          }
          return report.changed().size() + " permissions were taken away.";
        })
        .byHand("Take the rights of everybody but the owner away: 700 directories, 600 files.")
        .timeout(MINUTES)
        .build();
  }

  private static Step validateSecurity() {
    return Step.check("validate-security", "Validate security", context -> {
          StepRun run = StepRun.of(context);
          SecurityValidator validator = SecurityValidator.of(run.data());
          Optional<Path> repository = run.repository().probe().directory();
          if (repository.isPresent()) {
            validator = validator.repository(repository.get());
          }
          ValidationReport report = validator.validate();
          return DataSteps.validate(run, report);
        })
        .byHand("Validate permissions, secrets and placement; there must be no error.")
        .timeout(MINUTES)
        .build();
  }

  private static Step reconnect() {
    return Step.hook("reconnect", HookKind.RECONNECT)
        .byHand("Reapply the firewall, and put the machine back on the network.")
        .owner(OFFICER)
        .timeout(HOURS)
        .build();
  }
}
