package com.personalaichatbot.dr.core.recovery.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.recovery.communication.CommunicationPlan;
import com.personalaichatbot.dr.core.recovery.communication.Contact;
import com.personalaichatbot.dr.core.recovery.communication.Stage;
import com.personalaichatbot.dr.core.recovery.objective.Objective;
import com.personalaichatbot.dr.core.recovery.runbook.Impact;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.recovery.schedule.Job;
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
  private static final String TITLE = "Disaster recovery: what to do";
  private static final List<String> BEFORE = List.of(
      "Identify the type of the disaster and its scope",
      "Notify the stakeholders and the team",
      "Gather what the recovery needs: this document, the repository, the passphrase",
      "Prepare the environment in which to recover");
  private static final List<String> DURING = List.of(
      "Follow the procedure of the scenario, step by step",
      "Document every action taken; the journal does for the steps of a run",
      "Test each step before the next",
      "Verify that the system functions");
  private static final List<String> AFTER = List.of(
      "Run all validation tests",
      "Update the documents with what was learned",
      "Tell everybody who was told that it is over",
      "Schedule a follow-up review");
  private static final Duration REVIEW = Duration.ofDays(92);

  private final List<Runbook> runbooks;
  private final CommunicationPlan communication;
  private final List<Objective> objectives;
  private final List<RunReport> history;
  private final Instant now;
  private final List<Job> jobs;

  private RunbookDocument(
      List<Runbook> runbooks,
      CommunicationPlan communication,
      List<Objective> objectives,
      List<RunReport> history,
      Instant now,
      List<Job> jobs) {
    this.runbooks = List.copyOf(runbooks);
    this.communication = Objects.requireNonNull(communication, "communication");
    this.objectives = List.copyOf(objectives);
    this.history = List.copyOf(history);
    this.now = Objects.requireNonNull(now, "now");
    this.jobs = List.copyOf(jobs);
  }

  /**
   * @param runbooks in the order in which they are to appear
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
    return new RunbookDocument(runbooks, communication, objectives, history, now, List.of());
  }

  /**
   * The same, with the jobs that are done regularly, as {@code Schedule.jobs()} gives them; without
   * them it says what the user's disaster recovery document asks for.
   */
  public RunbookDocument withSchedule(List<Job> newJobs) {
    return new RunbookDocument(runbooks, communication, objectives, history, now, newJobs);
  }

  /**
   * Writes the document and, beside it, its JSON twin, for the owner alone: they name people.
   *
   * @param file of the page; the twin has its name, ending in {@code .json}
   * @return the paths of both
   * @throws IOException if they cannot be written; a file is the old or the new one, whole
   */
  public List<Path> write(Path file) throws IOException {
    return ReportFile.writeTwins(file, html(), json());
  }

  /** The page. */
  public String html() {
    Html html = Html.page(
        TITLE,
        "Made " + Html.words(now) + "; review it by " + Html.day(now.plus(REVIEW))
            + ", and after every significant change of the system",
        TITLE);
    contacts(html);
    promises(html);
    checklist(html, "Before: a checklist", BEFORE);
    runbooks.forEach(runbook -> runbook(html, runbook));
    checklist(html, "During: a checklist", DURING);
    communication(html);
    checklist(html, "After: a checklist", AFTER);
    rhythm(html);
    return html.end();
  }

  private void contacts(Html html) {
    html.element("h2", "Whom to call");
    html.table("role", "name", "phone", "mail");
    for (Contact contact : called()) {
      html.row(
          contact.role(), blank(contact.name()), blank(contact.phone()), blank(contact.mail()));
    }
    html.endTable();
    if (!communication.documentation().isEmpty()) {
      html.element("p", "Documentation: " + communication.documentation());
    }
  }

  private List<Contact> called() {
    List<Contact> all = new ArrayList<>(communication.contacts());
    all.add(communication.support());
    return all;
  }

  private static String blank(String text) {
    return text.isBlank() ? "[to be filled in]" : text;
  }

  private void promises(Html html) {
    if (objectives.isEmpty()) {
      return;
    }
    html.element("h2", "What was promised");
    html.table("what", "of", "at most");
    for (Objective objective : objectives) {
      html.row(
          objective.kind() == Objective.Kind.RPO ? "changes lost (RPO)" : "time to recover (RTO)",
          objective.scope(),
          Html.words(objective.target()));
    }
    html.endTable();
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
    html.table("step", "who", "usually", "by hand");
    Map<String, Duration> usual = usual(runbook.id());
    int number = 0;
    for (Step step : runbook.steps()) {
      number++;
      step(html, number + ". ", step, usual);
      for (int i = 0; i < step.parts().size(); i++) {
        step(html, number + "" + (char) ('a' + i) + ". ", step.parts().get(i), usual);
      }
    }
    html.endTable();
  }

  private static void step(Html html, String number, Step step, Map<String, Duration> usual) {
    html.beginRow().beginCell().text(number + step.title());
    if (step.impact() == Impact.DESTRUCTIVE) {
      html.text(" ").badge(StatusColor.BAD, "cannot be undone");
    }
    html.close();
    html.cell(step.owner())
        .cell(Optional.ofNullable(usual.get(step.id())).map(Html::words).orElse("–"))
        .cell(step.parts().isEmpty() ? step.byHand() : "All of these at the same time:")
        .close();
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
    html.table("what", "to whom", "at the latest");
    for (Stage stage : communication.stages()) {
      html.row(
          stage.name().toLowerCase(Locale.ROOT).replace('_', ' '),
          stage.audience().id(),
          stage
              .due()
              .map(d -> d.isZero() ? "immediately" : "after " + Html.words(d))
              .orElse("when it is over"));
    }
    html.endTable();
    if (!communication.problems().isEmpty()) {
      html.element("h3", "Still to be done about it");
      html.list(communication.problems(), 30);
    }
  }

  private void rhythm(Html html) {
    html.element("h2", "What is done when nothing happens");
    if (!jobs.isEmpty()) {
      html.table("what", "how often", "by whom");
      jobs.forEach(job -> html.row(
          job.name(),
          job.recurrence().toString(),
          job.owner().isEmpty() ? "the program" : job.owner()));
      html.endTable();
      return;
    }
    html.table("how often", "what");
    html.row("on change and hourly", "back up configuration and secrets");
    html.row("daily", "back up data; review and clean up logs");
    html.row("weekly", "back up everything; verify the backups by reading all of them");
    html.row("monthly", "drill: restore from backup; test the channels; security updates");
    html.row("quarterly", "drill: full simulation; audit; review this document");
    html.row("yearly", "drill: complete recovery, on another machine");
    html.row("before upgrades and changes of configuration", "back up by hand");
    html.endTable();
  }

  /** The same as JSON, one object; names are stable. */
  public String json() {
    ObjectNode json = Json.object();
    json.put("made", now.toString()).put("review", now.plus(REVIEW).toString());
    ArrayNode contacts = json.putArray("contacts");
    for (Contact contact : called()) {
      contacts
          .addObject()
          .put("role", contact.role())
          .put("name", contact.name())
          .put("phone", contact.phone())
          .put("mail", contact.mail());
    }
    ArrayNode promised = json.putArray("objectives");
    for (Objective objective : objectives) {
      promised
          .addObject()
          .put("component", objective.scope())
          .put("kind", objective.kind().name())
          .put("targetMillis", objective.target().toMillis());
    }
    ArrayNode all = json.putArray("runbooks");
    for (Runbook runbook : runbooks) {
      ObjectNode node = all.addObject().put("id", runbook.id()).put("title", runbook.title());
      Map<String, Duration> usual = usual(runbook.id());
      json(node.putArray("steps"), runbook.steps(), usual);
    }
    ArrayNode messages = json.putArray("messages");
    for (Stage stage : communication.stages()) {
      messages
          .addObject()
          .put("stage", stage.name())
          .put("audience", stage.audience().id())
          .put("dueMillis", Json.millis(stage.due()));
    }
    communication.problems().forEach(json.putArray("problems")::add);
    ArrayNode regular = json.putArray("jobs");
    jobs.forEach(job -> regular
        .addObject()
        .put("job", job.name())
        .put("rhythm", job.recurrence().toString())
        .put("owner", job.owner()));
    ObjectNode lists = json.putObject("checklists");
    BEFORE.forEach(lists.putArray("before")::add);
    DURING.forEach(lists.putArray("during")::add);
    AFTER.forEach(lists.putArray("after")::add);
    return Json.text(json);
  }

  private static void json(ArrayNode array, List<Step> steps, Map<String, Duration> usual) {
    for (Step step : steps) {
      ObjectNode node = array
          .addObject()
          .put("id", step.id())
          .put("title", step.title())
          .put("owner", step.owner())
          .put("danger", step.impact().name())
          .put("usualMillis", Json.millis(Optional.ofNullable(usual.get(step.id()))))
          .put("byHand", step.byHand());
      json(node.putArray("parts"), step.parts(), usual);
    }
  }
}
