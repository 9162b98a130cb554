package com.personalaichatbot.dr.core.recovery.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.health.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The page that everybody may see of the application's state: whether it works, what happened
 * lately, and when the next word comes. Holds no path, no name of a machine, no version and no text
 * of an error; of a breach it says no more than that something is being worked on. Drills do not
 * appear. Immutable.
 */
public final class StatusPage {
  private static final Duration SHOWN = Duration.ofDays(90);
  private static final Duration NEXT_WORD = Duration.ofMinutes(20);
  private static final int MOST = 50;

  private final String application;
  private final List<RunReport> incidents;
  private final Optional<Status> health;
  private final Instant now;

  private StatusPage(
      String application, List<RunReport> incidents, Optional<Status> health, Instant now) {
    this.application = application;
    this.incidents = incidents;
    this.health = health;
    this.now = now;
  }

  /** The state of the application, in the words of status pages. */
  private enum State {
    OPERATIONAL("Operational", StatusColor.GOOD),
    DEGRADED_PERFORMANCE("Degraded performance", StatusColor.WARNING),
    PARTIAL_OUTAGE("Partial outage", StatusColor.WARNING),
    MAJOR_OUTAGE("Major outage", StatusColor.BAD),
    UNDER_MAINTENANCE("Under maintenance", StatusColor.UNKNOWN);

    private final String words;
    private final StatusColor tone;

    State(String words, StatusColor tone) {
      this.words = words;
      this.tone = tone;
    }
  }

  /**
   * @param application its name for users
   * @param history runs and drills, as {@code Recovery.history()} gives them
   * @param health how the application is by its own checks; empty if nobody asked
   * @param now the time that the page speaks of
   */
  public static StatusPage of(
      String application, List<RunReport> history, Optional<Status> health, Instant now) {
    Objects.requireNonNull(application, "application");
    Objects.requireNonNull(health, "health");
    List<RunReport> shown = history.stream()
        .filter(run -> run.mode() == RunMode.LIVE)
        .filter(run -> run.detected().isAfter(now.minus(SHOWN)))
        .sorted(Comparator.comparing(RunReport::detected).reversed())
        .limit(MOST)
        .toList();
    return new StatusPage(application, shown, health, now);
  }

  /** Not over, and no later run has recovered what this one could not. */
  private boolean isOpen(RunReport run) {
    return run.status() != RunStatus.RECOVERED
        && incidents.stream()
            .noneMatch(later ->
                later.status() == RunStatus.RECOVERED && later.started().isAfter(run.started()));
  }

  private State state() {
    Optional<RunReport> open = incidents.stream().filter(this::isOpen).findFirst();
    if (open.isPresent()) {
      return open.get().runbook().equals(Scenario.CONFIGURATION_LOSS.id())
          ? State.PARTIAL_OUTAGE
          : State.MAJOR_OUTAGE;
    }
    if (health.isEmpty()) {
      return State.OPERATIONAL;
    }
    return switch (health.get()) {
      case UP -> State.OPERATIONAL;
      case DEGRADED, UNKNOWN -> State.DEGRADED_PERFORMANCE;
      case OUT_OF_SERVICE -> State.UNDER_MAINTENANCE;
      case DOWN -> State.MAJOR_OUTAGE;
    };
  }

  private String phase(RunReport run) {
    if (!isOpen(run)) {
      return "resolved";
    }
    return switch (run.status()) {
      case RECOVERED -> "resolved";
      case RUNNING ->
        run.step("verify").flatMap(s -> s.started()).isPresent()
            ? "monitoring"
            : run.snapshots().isEmpty() ? "investigating" : "identified";
      case STOPPED, FAILED -> "identified";
    };
  }

  private static String impact(RunReport run) {
    String scenario = run.runbook();
    if (scenario.equals(Scenario.DATA_CORRUPTION.id())) {
      return "Some conversations could not be read.";
    }
    if (scenario.equals(Scenario.PROCESS_FAILURE.id())) {
      return "The chatbot did not answer.";
    }
    if (scenario.equals(Scenario.SECURITY_BREACH.id())) {
      return "The chatbot was taken out of service.";
    }
    return "The chatbot could not be used.";
  }

  private static String ending(RunReport run) {
    if (run.status() != RunStatus.RECOVERED) {
      return "";
    }
    return run.snapshots().isEmpty() || run.dataLoss().isZero()
        ? "No data was lost."
        : "Of what was written in the " + Html.words(run.dataLoss())
            + " before it began, some may be lost.";
  }

  /**
   * Writes {@code index.html} and {@code status.json}, readable for everybody.
   *
   * @param directory made if it is not there; a web server that is not the application's shows it
   * @return the paths of both
   * @throws IOException if they cannot be written; a file is the old or the new one, whole
   */
  public List<Path> write(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    files.add(ReportFile.write(directory.resolve("index.html"), html(), false));
    files.add(ReportFile.write(directory.resolve("status.json"), json(), false));
    return files;
  }

  /** The page. */
  public String html() {
    State state = state();
    Html html = Html.page("Status of " + application, "Status", application);
    html.verdict(state.tone, state.words, "As of " + Html.words(now) + next(), Map.of());
    html.element("h2", "Incidents of the last 90 days");
    if (incidents.isEmpty()) {
      html.element("p", "None.");
    }
    for (RunReport run : incidents) {
      html.element("h3", Html.words(run.detected()) + ", " + phase(run));
      html.element("p", impact(run) + " " + ending(run));
      html.open("ul");
      html.element("li", Html.words(run.detected()) + "  Detected; we began to look into it.");
      run.ended().ifPresent(end -> html.element("li", Html.words(end) + "  " + came(run, end)));
      html.close();
    }
    return html.end();
  }

  private String came(RunReport run, Instant end) {
    if (run.status() == RunStatus.RECOVERED) {
      return "Resolved, after " + Html.words(Duration.between(run.detected(), end)) + ".";
    }
    return isOpen(run)
        ? "The cause is known; people are working on it."
        : "The cause is known; what was done next resolved it.";
  }

  private String next() {
    return incidents.stream().anyMatch(this::isOpen)
        ? "; the next word comes by " + Html.words(now.plus(NEXT_WORD))
        : "";
  }

  /** The same as JSON, one object; names are stable. */
  public String json() {
    ObjectNode json = Json.object();
    json.put("schema", 1)
        .put("application", application)
        .put("state", state().name())
        .put("time", now.toString());
    ArrayNode array = json.putArray("incidents");
    for (RunReport run : incidents) {
      array
          .addObject()
          .put("id", run.incident())
          .put("phase", phase(run).toUpperCase(Locale.ROOT))
          .put("impact", impact(run))
          .put("started", run.detected().toString())
          .put(
              "ended",
              run.status() == RunStatus.RECOVERED
                  ? run.ended().map(Instant::toString).orElse(null)
                  : null)
          .put(
              "dataLossMillis",
              run.status() == RunStatus.RECOVERED ? run.dataLoss().toMillis() : null);
    }
    return Json.text(json);
  }
}
