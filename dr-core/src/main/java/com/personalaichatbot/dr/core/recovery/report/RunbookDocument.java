package com.personalaichatbot.dr.core.recovery.report;

import com.personalaichatbot.dr.core.recovery.Danger;
import com.personalaichatbot.dr.core.recovery.RunReport;
import com.personalaichatbot.dr.core.recovery.RunStatus;
import com.personalaichatbot.dr.core.recovery.Runbook;
import com.personalaichatbot.dr.core.recovery.Scenario;
import com.personalaichatbot.dr.core.recovery.Step;
import com.personalaichatbot.dr.core.recovery.StepReport;
import com.personalaichatbot.dr.core.recovery.StepStatus;
import com.personalaichatbot.dr.core.recovery.communication.CommunicationPlan;
import com.personalaichatbot.dr.core.recovery.communication.Contact;
import com.personalaichatbot.dr.core.recovery.communication.Stage;
import com.personalaichatbot.dr.core.recovery.objective.Objective;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The disaster recovery document for people: whom to call, what was promised, the scenarios with
 * their symptoms and steps, who is told when, what is rehearsed when, and the three checklists. It
 * is made from the runbooks that the program runs, so it cannot say anything else than what
 * happens. Immutable.
 */
public final class RunbookDocument {
  private static final Duration REVIEW = Duration.ofDays(92);

  private final List<Runbook> runbooks;
  private final CommunicationPlan communication;
  private final List<Objective> objectives;
  private final List<RunReport> history;
  private final Instant now;

  private RunbookDocument(
      List<Runbook> runbooks,
      CommunicationPlan communication,
      List<Objective> objectives,
      List<RunReport> history,
      Instant now) {
    this.runbooks = List.copyOf(runbooks);
    this.communication = Objects.requireNonNull(communication, "communication");
    this.objectives = List.copyOf(objectives);
    this.history = List.copyOf(history);
    this.now = Objects.requireNonNull(now, "now");
  }

  /**
   * @param runbooks in the order in which they are to stand
   * @param communication whom to call, and who is told when
   * @param objectives what was promised; may be empty
   * @param history runs and drills, from which the usual times come; may be empty
   * @param now when the document is made; the next review is counted from then
   */
  public static RunbookDocument of(
      List<Runbook> runbooks,
      CommunicationPlan communication,
      List<Objective> objectives,
      List<RunReport> history,
      Instant now) {
    return new RunbookDocument(runbooks, communication, objectives, history, now);
  }

  /**
   * Writes the document, for the owner alone: it names people.
   *
   * @return the file
   * @throws IOException if it cannot be written; the file is the old or the new one, whole
   */
  public Path write(Path file) throws IOException {
    return ReportFile.write(file, html(), true);
  }

  /** The page. */
  public String html() {
    Html html = Html.page("Disaster recovery: what to do");
    html.open("header");
    html.element(
        "p",
        "Made " + Html.words(now) + "; review it by " + Html.words(now.plus(REVIEW))
            + ", and after every significant change of the system",
        "class",
        "soft");
    html.element("h1", "Disaster recovery: what to do");
    html.close();
    contacts(html);
    promises(html);
    checklist(
        html,
        "Before: a checklist",
        List.of(
            "Identify the type of the disaster and its scope",
            "Notify the stakeholders and the team",
            "Gather what the recovery needs: this document, the repository, the passphrase",
            "Prepare the environment in which to recover"));
    runbooks.forEach(runbook -> runbook(html, runbook));
    checklist(
        html,
        "During: a checklist",
        List.of(
            "Follow the procedure of the scenario, step by step",
            "Document every action taken; the journal does for the steps of a run",
            "Test each step before the next",
            "Verify that the system functions"));
    communication(html);
    checklist(
        html,
        "After: a checklist",
        List.of(
            "Run all validation tests",
            "Update the documents with what was learned",
            "Tell everybody who was told that it is over",
            "Schedule a follow-up review"));
    rhythm(html);
    return html.end();
  }

  private void contacts(Html html) {
    html.element("h2", "Whom to call");
    html.open("div", "class", "scroll").open("table");
    html.row("th", List.of("role", "name", "phone", "mail"));
    List<Contact> all = new ArrayList<>(communication.contacts());
    all.add(communication.support());
    for (Contact contact : all) {
      html.row(
          "td",
          List.of(
              contact.role(),
              blank(contact.name()),
              blank(contact.phone()),
              blank(contact.mail())));
    }
    html.close().close();
    if (!communication.documentation().isEmpty()) {
      html.element("p", "Documentation: " + communication.documentation());
    }
  }

  private static String blank(String text) {
    return text.isBlank() ? "[to be filled in]" : text;
  }

  private void promises(Html html) {
    if (objectives.isEmpty()) {
      return;
    }
    html.element("h2", "What was promised");
    html.open("div", "class", "scroll").open("table");
    html.row("th", List.of("what", "of", "at most"));
    for (Objective objective : objectives) {
      html.row(
          "td",
          List.of(
              objective.kind() == Objective.Kind.RPO
                  ? "changes lost (RPO)"
                  : "time to recover (RTO)",
              objective.scope(),
              Html.words(objective.target())));
    }
    html.close().close();
  }

  private static void checklist(Html html, String title, List<String> lines) {
    html.element("h2", title);
    html.open("ul", "class", "check");
    lines.forEach(line -> html.element("li", line));
    html.close();
  }

  private void runbook(Html html, Runbook runbook) {
    html.element("h2", runbook.title());
    for (Scenario scenario : Scenario.values()) {
      if (scenario.id().equals(runbook.id())) {
        html.element("h3", "How it shows");
        html.list(scenario.symptoms(), 20);
      }
    }
    Optional<RunReport> last = history.stream()
        .filter(r -> r.runbook().equals(runbook.id()) && r.status() == RunStatus.RECOVERED)
        .max(Comparator.comparing(RunReport::started));
    html.element(
        "p",
        last.isPresent()
            ? "Last run " + Html.words(last.get().started()) + ", in "
                + Html.words(last.get().recoveryTime().orElse(Duration.ZERO)) + "."
            : "Never run so far.",
        "class",
        "soft");
    html.open("div", "class", "scroll").open("table");
    html.row("th", List.of("#", "step", "who", "usually", "by hand, if the program cannot"));
    Map<String, Duration> usual = usual(runbook.id());
    int number = 0;
    for (Step step : runbook.steps()) {
      number++;
      html.open("tr");
      html.element("td", Integer.toString(number), "class", "number");
      html.open("td").text(step.title());
      if (step.danger() == Danger.DESTRUCTIVE) {
        html.text(" ").badge(Tone.BAD, "cannot be undone");
      }
      html.close();
      html.element("td", step.owner());
      html.element(
          "td",
          Optional.ofNullable(usual.get(step.id())).map(Html::words).orElse("–"),
          "class",
          "number");
      html.element("td", step.byHand());
      html.close();
    }
    html.close().close();
  }

  private Map<String, Duration> usual(String runbook) {
    Map<String, List<Duration>> all = new HashMap<>();
    for (RunReport run : history) {
      if (run.runbook().equals(runbook)) {
        for (StepReport step : run.steps()) {
          if (step.status() == StepStatus.DONE) {
            all.computeIfAbsent(step.id(), id -> new ArrayList<>()).add(step.duration());
          }
        }
      }
    }
    Map<String, Duration> usual = new HashMap<>();
    all.forEach((id, times) ->
        usual.put(id, times.stream().sorted().toList().get((times.size() - 1) / 2)));
    return usual;
  }

  private void communication(Html html) {
    html.element("h2", "Who is told, and when");
    html.open("div", "class", "scroll").open("table");
    html.row("th", List.of("what", "to whom", "at the latest"));
    for (Stage stage : communication.stages()) {
      html.row(
          "td",
          List.of(
              stage.name().toLowerCase(Locale.ROOT).replace('_', ' '),
              stage.audience().id(),
              stage
                  .due()
                  .map(d -> d.isZero() ? "at once" : "after " + Html.words(d))
                  .orElse("when it is over")));
    }
    html.close().close();
    if (!communication.problems().isEmpty()) {
      html.element("h3", "Still to be done about it");
      html.list(communication.problems(), 30);
    }
  }

  private static void rhythm(Html html) {
    html.element("h2", "What is done when nothing happens");
    html.open("div", "class", "scroll").open("table");
    html.row("th", List.of("how often", "what"));
    html.row("td", List.of("on change and hourly", "back up configuration and secrets"));
    html.row("td", List.of("daily", "back up data; review and clean up logs"));
    html.row(
        "td", List.of("weekly", "back up everything; verify the backups by reading all of them"));
    html.row(
        "td",
        List.of("monthly", "drill: restore from backup; test the channels; security updates"));
    html.row("td", List.of("quarterly", "drill: full simulation; audit; review this document"));
    html.row("td", List.of("yearly", "drill: complete recovery, on another machine"));
    html.row("td", List.of("before upgrades and changes of configuration", "back up by hand"));
    html.close().close();
  }
}
