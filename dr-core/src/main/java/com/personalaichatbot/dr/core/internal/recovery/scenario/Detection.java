package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.SuggestedScenario;
import com.personalaichatbot.dr.health.CheckState;
import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.ValidationReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The choice of a scenario by what checks and validations say. The rules go by the codes of
 * findings, which are stable. Not thread-safe.
 */
public final class Detection {
  private static final int MOST_REASONS = 10;

  /** The data or its volume is not there, or takes nothing. */
  private static final Set<String> MACHINE =
      Set.of("DATA_MISSING", "PATH_MISSING", "VOLUME_CHANGED", "NOT_WRITABLE", "READ_BACK");

  /** Settings or secrets are not there. */
  private static final Set<String> LOSS =
      Set.of("ENV_MISSING", "ENV_REQUIRED", "ENV_PLACEHOLDER", "CONFIG_MISSING", "FILE_MISSING");

  /** Something is there and wrong. */
  private static final Set<String> DAMAGE = Set.of(
      "DIRECTORY_MISSING",
      "ENV_FORMAT",
      "ENV_LINE",
      "ENV_NOT_A_FILE",
      "ENV_NOT_TEXT",
      "ENV_QUOTE",
      "ENV_RANGE",
      "ENV_TOO_LARGE",
      "CONFIG_BROKEN",
      "CONFIG_SCHEMA",
      "CONFIG_UNREADABLE",
      "CONFIG_VALUE",
      "CONVERSATION_BROKEN",
      "CONVERSATION_CHECKSUM",
      "CONVERSATION_CONTENT",
      "CONVERSATION_ID",
      "CONVERSATION_MESSAGES",
      "CONVERSATION_ROLE",
      "CONVERSATION_TIME",
      "JSON_BROKEN",
      "UNREADABLE",
      "MORE");

  /** Others could get in, or have left something. */
  private static final Set<String> INTRUSION =
      Set.of("FOREIGN_OWNER", "SECRET_IN_LOG", "WORLD_WRITABLE", "LINK_LEAVES_TREE");

  /** The worst first: what comes later is often a consequence of it. */
  private static final List<Scenario> ORDER = List.of(
      Scenario.SECURITY_BREACH,
      Scenario.HARDWARE_FAILURE,
      Scenario.DATA_CORRUPTION,
      Scenario.CONFIGURATION_LOSS,
      Scenario.PROCESS_FAILURE);

  private final Map<Scenario, List<String>> reasons = new EnumMap<>(Scenario.class);
  private final Map<Scenario, Instant> since = new EnumMap<>(Scenario.class);

  private void add(Scenario scenario, Instant seen, String reason) {
    reasons.computeIfAbsent(scenario, s -> new ArrayList<>()).add(reason);
    since.merge(scenario, seen, (a, b) -> a.isBefore(b) ? a : b);
  }

  /** Adds what the checks of a process say. */
  public void add(Health health) {
    for (CheckState check : health.checks()) {
      String code = check.latest().code();
      String reason = check.name() + ": " + check.latest().description();
      if (check.status() == Status.DOWN) {
        scenarioOf(code)
            .or(() -> answers(check) ? Optional.of(Scenario.PROCESS_FAILURE) : Optional.empty())
            .ifPresent(scenario -> add(scenario, check.since(), reason));
      } else if (check.status() == Status.DEGRADED && code.equals("LOG_ERRORS")) {
        // It runs, and says itself that something is wrong.
        add(Scenario.DATA_CORRUPTION, check.since(), reason);
      }
    }
  }

  /** Whether a check is about the process itself, and not about what it depends on. */
  private static boolean answers(CheckState check) {
    return check.groups().contains(Health.READY) || check.groups().contains(Health.LIVE);
  }

  private static Optional<Scenario> scenarioOf(String code) {
    if (INTRUSION.contains(code)) {
      return Optional.of(Scenario.SECURITY_BREACH);
    }
    if (MACHINE.contains(code)) {
      return Optional.of(Scenario.HARDWARE_FAILURE);
    }
    if (DAMAGE.contains(code)) {
      return Optional.of(Scenario.DATA_CORRUPTION);
    }
    return LOSS.contains(code) ? Optional.of(Scenario.CONFIGURATION_LOSS) : Optional.empty();
  }

  /** Adds what a validation of the data says. */
  public void add(ValidationReport report, Instant now) {
    for (Finding finding : report.findings()) {
      if (finding.severity() == Severity.ERROR) {
        scenarioOf(finding.code())
            .ifPresent(scenario -> add(scenario, now, finding.path() + ": " + finding.message()));
      }
    }
  }

  /** Adds that nothing answers where the application should. */
  public void addUnresponsive(String description, Instant now) {
    add(Scenario.PROCESS_FAILURE, now, description);
  }

  /** What fits, the worst first. */
  public List<SuggestedScenario> proposals() {
    return ORDER.stream()
        .filter(reasons::containsKey)
        .map(s -> new SuggestedScenario(
            s, since.get(s), reasons.get(s).stream().limit(MOST_REASONS).toList()))
        .toList();
  }
}
