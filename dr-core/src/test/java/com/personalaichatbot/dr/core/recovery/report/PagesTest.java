package com.personalaichatbot.dr.core.recovery.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.objective.Objective;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveState;
import com.personalaichatbot.dr.core.recovery.runbook.Impact;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.StepKind;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.recovery.schedule.Job;
import com.personalaichatbot.dr.core.recovery.schedule.Recurrence;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.health.Status;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class PagesTest {
  @TempDir
  private Path scratch;

  private static final Instant DETECTED = Instant.parse("2026-11-23T02:00:00Z");
  private static final String HOSTILE =
      "<script>alert(1)</script>\u202egnp.exe\u2066 \u0007\u001b[31m\n'\"&amp;\u200b\ud800";

  private static StepReport step(int number, StepStatus status, String text) {
    return new StepReport(
        "step-" + number,
        "Step " + number + " " + text,
        StepKind.ACTION,
        Impact.WRITE,
        "system administrator",
        status,
        status == StepStatus.PENDING ? Optional.empty() : Optional.of(DETECTED.plusSeconds(number)),
        Duration.ofMillis(900),
        Optional.of(Duration.ofSeconds(1)),
        text,
        Map.of("bytes", "42"),
        List.of(text));
  }

  private static RunReport run(RunStatus status, RunMode mode, int steps, String text) {
    List<StepReport> all = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      all.add(step(i, i % 7 == 6 ? StepStatus.PENDING : StepStatus.DONE, text));
    }
    return new RunReport(
        "20261123-020000-7f3a",
        "data-corruption",
        "Data corruption" + text,
        mode,
        status,
        "0123abcd",
        DETECTED,
        DETECTED.plusSeconds(1),
        Optional.of(DETECTED.plusSeconds(steps + 2)),
        Map.of("conversations" + text, new SnapshotId(1, 2)),
        status == RunStatus.RECOVERED ? Optional.of(Duration.ofSeconds(90)) : Optional.empty(),
        Optional.empty(),
        Duration.ofHours(5),
        all,
        status == RunStatus.RECOVERED ? List.of() : List.of("restore: " + text),
        List.of(text));
  }

  private static RunReport run() {
    return run(RunStatus.RECOVERED, RunMode.LIVE, 8, "");
  }

  private static Document parse(String html) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(html)));
  }

  private List<String> pages(String odd) throws IOException {
    return List.copyOf(new SamplePages(odd).all(scratch).values());
  }

  @Test
  void html_ofEveryPage_isWellFormedAndNeedsNothingElse() throws IOException {
    for (String page : pages("")) {
      assertThatCode(() -> parse(page)).doesNotThrowAnyException();
      assertThat(page).doesNotContain("<script").doesNotContain("src=").doesNotContain("@import");
      assertThat(page.replace("http://www.w3.org/", "")).doesNotContain("http");
    }
  }

  @Test
  void html_hostileTexts_areVisibleAndHarmless() throws IOException {
    for (String page : pages(HOSTILE)) {
      assertThatCode(() -> parse(page)).doesNotThrowAnyException();
      assertThat(page).doesNotContain("<script>").doesNotContain("\u202e").doesNotContain("\u2066");
      assertThat(page.chars().filter(c -> c < 0x20 && c != '\n')).isEmpty();
    }
    assertThat(pages(HOSTILE).get(0)).contains("&lt;script&gt;").contains("\\u202e");
  }

  @Test
  void html_manyStepsAndNames_staysBelow300Kilobytes() {
    RunReport run = run(RunStatus.RECOVERED, RunMode.LIVE, 1000, " of a rather long name");
    List<String> notes = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      notes.add("conversations/active/" + i + "-0123456789abcdef.json");
    }
    RunReport noisy = new RunReport(
        run.incident(),
        run.runbook(),
        run.title(),
        run.mode(),
        run.status(),
        run.planHash(),
        run.detected(),
        run.started(),
        run.ended(),
        run.snapshots(),
        run.recoveryTime(),
        run.criticalTime(),
        run.dataLoss(),
        run.steps(),
        notes,
        notes);

    String page = RecoveryReport.of(noisy).html();

    assertThat(page.length()).isLessThan(300_000);
    assertThat(page).contains("and 9950 more").contains("600 more steps");
  }

  @Test
  void html_sameValues_giveTheSameBytes() throws IOException {
    assertThat(pages("x")).isEqualTo(pages("x"));
  }

  @Test
  void gantt_hasABarForEachStepThatBegan_andTheTableSaysTheSame() throws Exception {
    Document page = parse(RecoveryReport.of(run()).html());

    assertThat(page.getElementsByTagName("rect").getLength()).isEqualTo(7);
    assertThat(page.getElementsByTagName("desc").item(0).getTextContent()).startsWith("7 steps in");
  }

  @Test
  void trend_hasABarForEachRun() throws Exception {
    RunReport run = run(RunStatus.RECOVERED, RunMode.DRILL, 0, "");
    Document page =
        parse(RecoveryReport.of(run).withHistory(List.of(run, run, run)).html());

    assertThat(page.getElementsByTagName("rect").getLength()).isEqualTo(3);
  }

  @Test
  void json_ofAReport_hasTheFiguresOfTheRun() throws IOException {
    ObjectiveResult result = new ObjectiveResult(
        new Objective("config", Objective.Kind.RPO, Duration.ofHours(1)),
        ObjectiveState.BREACHED,
        Optional.of(Duration.ofHours(2)),
        Optional.empty(),
        "too old");

    JsonNode json = new ObjectMapper()
        .readTree(RecoveryReport.of(run()).withObjectives(List.of(result)).json());

    assertThat(json.get("status").asText()).isEqualTo("RECOVERED");
    assertThat(json.get("rtoMillis").asLong()).isEqualTo(90_000);
    assertThat(json.get("dataLossMillis").asLong()).isEqualTo(18_000_000);
    assertThat(json.get("steps")).hasSize(8);
    assertThat(json.at("/objectives/0/state").asText()).isEqualTo("BREACHED");
  }

  @Test
  void statusPage_tellsNothingFromInside() throws IOException {
    StatusPage page = StatusPage.of(
        "Bot",
        List.of(run(RunStatus.FAILED, RunMode.LIVE, 5, "secret-detail")),
        Optional.empty(),
        DETECTED);

    assertThat(page.html() + page.json()).doesNotContain("secret-detail").doesNotContain("Step ");
    JsonNode json = new ObjectMapper().readTree(page.json());
    assertThat(json.get("state").asText()).isEqualTo("MAJOR_OUTAGE");
    assertThat(json.at("/incidents/0/phase").asText()).isEqualTo("IDENTIFIED");
    assertThat(page.html()).contains("the next word comes by 2026-11-23 02:20:00 UTC");
  }

  @Test
  void statusPage_drillsDoNotShow_andHealthDecidesWhereNothingIsOpen() throws IOException {
    List<RunReport> history = List.of(run(), run(RunStatus.FAILED, RunMode.DRILL, 3, ""));
    Instant now = DETECTED.plus(Duration.ofDays(1));
    Map<Status, String> states = Map.of(
        Status.UP, "OPERATIONAL",
        Status.DEGRADED, "DEGRADED_PERFORMANCE",
        Status.OUT_OF_SERVICE, "UNDER_MAINTENANCE",
        Status.DOWN, "MAJOR_OUTAGE");

    for (Map.Entry<Status, String> one : states.entrySet()) {
      JsonNode json = new ObjectMapper()
          .readTree(
              StatusPage.of("Bot", history, Optional.of(one.getKey()), now).json());
      assertThat(json.get("state").asText()).isEqualTo(one.getValue());
      assertThat(json.get("incidents")).hasSize(1);
    }
  }

  @Test
  void html_headingOfACell_fitsBesideItOnAPhone() throws IOException {
    Pattern label = Pattern.compile("data-label=\"([^\"]*)\"");
    for (String page : pages("")) {
      assertThat(label.matcher(page).results().map(r -> r.group(1)).distinct())
          .allMatch(heading -> heading.length() <= 15);
    }
  }

  @Test
  void statusPage_whatALaterRunRecovered_isNotOpenAnyMore() throws IOException {
    RunReport stopped = run(RunStatus.STOPPED, RunMode.LIVE, 3, "");
    RunReport first = new RunReport(
        "20261122-010000-0001",
        stopped.runbook(),
        stopped.title(),
        stopped.mode(),
        stopped.status(),
        stopped.planHash(),
        DETECTED.minusSeconds(600),
        DETECTED.minusSeconds(600),
        Optional.of(DETECTED.minusSeconds(300)),
        stopped.snapshots(),
        Optional.empty(),
        Optional.empty(),
        stopped.dataLoss(),
        stopped.steps(),
        stopped.remaining(),
        stopped.notes());

    StatusPage open = StatusPage.of("Bot", List.of(first), Optional.empty(), DETECTED);
    StatusPage over = StatusPage.of("Bot", List.of(first, run()), Optional.empty(), DETECTED);

    assertThat(open.html()).contains("people are working on it").contains("the next word");
    assertThat(over.html()).contains("what was done next resolved it").doesNotContain("next word");
    JsonNode json = new ObjectMapper().readTree(over.json());
    assertThat(json.get("state").asText()).isEqualTo("OPERATIONAL");
    assertThat(json.at("/incidents/1/phase").asText()).isEqualTo("RESOLVED");
  }

  @Test
  void runbookDocument_withASchedule_saysWhatIsDoneByIt() throws IOException {
    RunbookDocument without = new SamplePages("").runbook();
    RunbookDocument with = without.withSchedule(List.of(
        Job.of("data", Recurrence.daily(LocalTime.of(2, 0)), () -> ""),
        Job.of("audit", Recurrence.quarterly(1, LocalTime.NOON), () -> "")
            .asReminder("<the auditor>", Duration.ofDays(14))));

    assertThat(without.html()).contains("back up configuration and secrets");
    assertThat(with.html())
        .doesNotContain("back up configuration and secrets")
        .contains("daily at 02:00")
        .contains("the program")
        .contains("&lt;the auditor&gt;");
    assertThat(new ObjectMapper().readTree(with.json()).at("/jobs/1/owner").asText())
        .isEqualTo("<the auditor>");
  }

  @Test
  void runbookDocument_twin_hasEveryStepContactAndChecklist() throws IOException {
    List<Path> files = new SamplePages("").runbook().write(scratch.resolve("dr.html"));

    assertThat(files).containsExactly(scratch.resolve("dr.html"), scratch.resolve("dr.json"));
    JsonNode json = new ObjectMapper().readTree(files.get(1).toFile());
    assertThat(json.get("runbooks")).hasSize(5);
    for (Scenario scenario : Scenario.values()) {
      JsonNode steps = json.at("/runbooks/" + scenario.ordinal() + "/steps");
      assertThat(steps).hasSameSizeAs(Recovery.builtIn(scenario).steps());
    }
    assertThat(json.get("contacts")).hasSize(4);
    for (String list : List.of("before", "during", "after")) {
      assertThat(json.at("/checklists/" + list)).hasSize(4);
    }
  }

  @Test
  void runbookDocument_hasEveryScenarioSymptomStepContactAndChecklist() throws IOException {
    String page = new SamplePages("").runbook().html();

    for (Scenario scenario : Scenario.values()) {
      assertThat(page).contains(Html.escape(scenario.title()));
      scenario.symptoms().forEach(s -> assertThat(page).contains(Html.escape(s)));
      for (Step step : Recovery.builtIn(scenario).steps()) {
        assertThat(page).contains(Html.escape(step.title()));
        step.parts().forEach(part -> assertThat(page).contains(Html.escape(part.title())));
      }
    }
    assertThat(page)
        .contains("Primary contact: system administrator")
        .contains("Secondary contact: development team lead")
        .contains("Emergency hotline")
        .contains("Before: a checklist")
        .contains("During: a checklist")
        .contains("After: a checklist")
        .contains("review it by 2027-02-23");
  }

  @Test
  void write_overAnOlderPage_replacesItWholeForTheOwnerAlone(@TempDir Path directory)
      throws IOException {
    Path first = RecoveryReport.of(run()).write(directory.resolve("reports"));
    Path second = RecoveryReport.of(run()).write(directory.resolve("reports"));

    assertThat(second).isEqualTo(first).hasContent(RecoveryReport.of(run()).html());
    assertThat(Files.getPosixFilePermissions(first))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (var files = Files.list(directory.resolve("reports"))) {
      assertThat(files).hasSize(2);
    }
  }
}
