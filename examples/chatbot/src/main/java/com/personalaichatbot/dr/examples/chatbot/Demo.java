package com.personalaichatbot.dr.examples.chatbot;

import static com.personalaichatbot.dr.examples.chatbot.Narrator.seconds;
import static com.personalaichatbot.dr.examples.chatbot.Narrator.size;
import static com.personalaichatbot.dr.examples.chatbot.StepFailedException.require;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.recovery.objective.Objective;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveState;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.StepKind;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.SuggestedScenario;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.crypto.Secret;
import com.personalaichatbot.dr.health.Status;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.logging.LogManager;
import java.util.stream.Stream;

/**
 * Plays the story of a chatbot that loses its data and gets it back, with real figures. A step that
 * does not come out as it has to ends the story, and the process with exit code 1.
 */
public final class Demo {
  private static final int CONVERSATIONS = 400;
  private static final long SEED = 20261123;
  private static final long SMALL = 100_000;

  private final Path directory;
  private final Narrator narrator;
  private final Clock clock = Clock.systemDefaultZone();
  private final DataDirectory data;
  private final Conversations conversations;

  private Chatbot chatbot;
  private ChatClient user;

  private Demo(Path directory, PrintStream out) {
    this.directory = directory;
    this.narrator = new Narrator(out);
    this.data = new DataDirectory(directory.resolve("data"));
    this.conversations = new Conversations(data);
  }

  /** Plays the story in {@code target/demo}, or in the directory that is named. */
  public static void main(String[] args) {
    Path directory = Path.of(args.length == 0 ? "target/demo" : args[0]).toAbsolutePath();
    LogManager.getLogManager().reset(); // The story says what the health monitor would log.
    try {
      play(directory, CONVERSATIONS, System.out);
    } catch (StepFailedException e) {
      System.out.println("\nThis did not hold: " + e.getMessage() + ".");
      System.exit(1);
    } catch (Exception e) {
      System.out.println("\nThe story broke off: " + e.getMessage());
      System.exit(1);
    }
  }

  /**
   * Plays the story.
   *
   * @param directory where it makes its own data; what an earlier run left there is removed
   * @param count how many conversations there are when it begins, at least 10
   */
  static void play(Path directory, int count, PrintStream out) throws Exception {
    for (String part : List.of("data", "repository", "state", "passphrase")) {
      removeTree(directory.resolve(part));
    }
    new Demo(directory, out).play(count);
  }

  private void play(int count) throws Exception {
    SampleData.write(data, count, SEED);
    Path state = directory.resolve("state");
    try (Secret passphrase = newPassphrase();
        DisasterRecovery backups = ChatbotRecovery.backups(data, state)
            .clock(clock)
            .repository(directory.resolve("repository"))
            .passphrase(passphrase)
            .openOrCreate()) {
      try (ChatbotRecovery recovery = new ChatbotRecovery(
          data, backups, Chatbot.freePort(), People.plan(Map.of(), state), Operator.NOBODY)) {
        narrator.say("A chatbot loses its data, and gets it back%n");
        start(recovery);
        try {
          tell(backups, recovery);
        } finally {
          recovery.halt();
        }
      }
    }
  }

  private void tell(DisasterRecovery backups, ChatbotRecovery recovery) throws Exception {
    UUID old = oldConversation();
    talk(old);
    backUp(backups);
    secondBackup(backups);
    drill(recovery);
    List<Path> backedUp = conversations.files();
    ChatClient.Reply lost = user.say(old, "One thing more, after the backup.");
    ChatClient.Reply kept = user.say("Hello, this is somebody else.");
    narrator.step("Talk", "2 more messages, which no backup has yet");

    Conversation before = conversations.find(old).orElseThrow();
    Disaster disaster = strike(recovery, old, backedUp);
    RunReport run = recover(recovery, detect(recovery, disaster), disaster);
    narrator.say("");
    ask(old, before, lost, kept);
    Path posture = recovery.writePages();
    stop(backups, recovery);
    objectives(recovery, run);
    narrator.say("");
    narrator.step("Report", "%s", recovery.page(run));
    narrator.step("Posture", "%s", posture);
  }

  private void start(ChatbotRecovery recovery) throws IOException, StepFailedException {
    recovery.start();
    chatbot = recovery.chatbot();
    user = new ChatClient(chatbot.address());
    Status backups = backups();
    require(user.readiness().equals("UP"), "the chatbot answers that it is ready");
    narrator.step(
        "Start",
        "ready at %s with %d conversations",
        chatbot.address(),
        conversations.files().size());
    narrator.more("its health says of the backups: %s", backups);
  }

  private Status backups() {
    return chatbot.checkHealth().select(c -> c.name().startsWith("backup:")).status();
  }

  private UUID oldConversation() throws IOException {
    String name = conversations.files().get(3).getFileName().toString();
    return UUID.fromString(name.substring(0, name.length() - ".json".length()));
  }

  private void talk(UUID old) throws IOException, StepFailedException {
    String question = "Hello, is my order on its way?";
    ChatClient.Reply begun = user.say(question);
    user.say(begun.conversation(), "Thank you.");
    user.say(old, "Do you remember me?");
    narrator.step("Talk", "3 messages over HTTP, in a new and in an old conversation");
    narrator.more("user       %s", question);
    narrator.more("chatbot    %s", begun.text());
    require(
        user.recall(begun.conversation()).messages().size() == 4, "what was said is remembered");
  }

  private void backUp(DisasterRecovery backups) throws IOException, StepFailedException {
    BackupReport report = chatbot.backUp(Purpose.MANUAL);
    Snapshot snapshot = complete(report);
    narrator.step(
        "Back up",
        "snapshot %s, %d files; %s read, %s stored, %s",
        snapshot.id().abbreviated(),
        snapshot.files(),
        size(report.bytesRead()),
        size(report.bytesStored()),
        seconds(report.duration()));
    verify(backups);
  }

  private void secondBackup(DisasterRecovery backups) throws IOException, StepFailedException {
    user.say("I want a coffee.");
    BackupReport report = chatbot.rename("Ada");
    complete(report);
    require(report.bytesStored() < SMALL, "a second backup stores little");
    narrator.step(
        "Change",
        "renamed to Ada; backed up before: %d new and %d changed files, %s stored, %s",
        report.files().created(),
        report.files().changed(),
        size(report.bytesStored()),
        seconds(report.duration()));
    BackupReport after = chatbot.backUp(Purpose.SCHEDULED);
    Snapshot snapshot = complete(after);
    narrator.step(
        "Back up",
        "snapshot %s; %s read, %s stored, %s",
        snapshot.id().abbreviated(),
        size(after.bytesRead()),
        size(after.bytesStored()),
        seconds(after.duration()));
    verify(backups);
    Snapshot good = newest(backups);
    require(
        good.isGoodFor("conversations") && good.isGoodFor("config"),
        "the newest snapshot is good, now that every byte was read back");
    require(backups() == Status.UP, "the chatbot's health finds no fault with its backups");
    narrator.more("the chatbot's health says of the backups: %s", Status.UP);
  }

  private void verify(DisasterRecovery backups) throws IOException, StepFailedException {
    VerifyReport report = backups.verify();
    require(report.isClean(), "the repository is clean");
    narrator.step(
        "Verify",
        "%s; every byte of %d blobs read back, %s",
        report.status(),
        report.blobs(),
        seconds(report.duration()));
  }

  private void drill(ChatbotRecovery recovery) throws IOException, StepFailedException {
    RunReport drill = recovery.drill(Drill.COMPLETE);
    require(drill.status() == RunStatus.RECOVERED, "a complete recovery can be rehearsed");
    narrator.step(
        "Drill",
        "%s, in a scratch directory: %s, %s",
        drill.title().replace("Drill: ", ""),
        drill.status(),
        seconds(drill.recoveryTime().orElseThrow()));
  }

  private Disaster strike(ChatbotRecovery recovery, UUID old, List<Path> backedUp)
      throws IOException {
    recovery.halt();
    Path file = data.active().resolve(old + ".json");
    Path certain = Files.exists(file) ? file : data.archived().resolve(old + ".json");
    Disaster disaster = Disaster.strike(data, backedUp, certain, SEED);
    narrator.step(
        "Disaster",
        "the process dies, and the disk has lost data: %d conversations overwritten with",
        disaster.noisy().size());
    narrator.more(
        "noise, %d cut short, 1 gone; the settings cut short", disaster.cut().size());
    return disaster;
  }

  private SuggestedScenario detect(ChatbotRecovery recovery, Disaster disaster) throws Exception {
    Map<Path, String> found = Map.of();
    try {
      recovery.start();
    } catch (DamagedDataException e) {
      found = e.files();
    }
    require(found.size() == disaster.damaged(), "the chatbot finds every damaged file");
    narrator.step("Detect", "the chatbot refuses to start: %d files are damaged", found.size());
    found.entrySet().stream()
        .limit(3)
        .forEach(
            one -> narrator.more("%s: %s", directory.relativize(one.getKey()), one.getValue()));
    narrator.more("and %d more", found.size() - 3);
    SuggestedScenario proposal = recovery.propose().get(0);
    require(proposal.scenario() == Scenario.DATA_CORRUPTION, "data corruption is proposed");
    narrator.step(
        "Propose",
        "%s, for %d reasons, the first of which is",
        proposal.scenario().title(),
        proposal.reasons().size());
    String reason = proposal.reasons().get(0).replace(directory.toAbsolutePath() + "/", "");
    narrator.more("%s", Narrator.cut(reason, 84));
    return proposal;
  }

  private RunReport recover(ChatbotRecovery recovery, SuggestedScenario proposal, Disaster disaster)
      throws IOException, StepFailedException {
    narrator.say("");
    RunReport run = recovery.recover(proposal);
    String name = "Recover";
    for (StepReport step : run.steps()) {
      if (step.kind() != StepKind.PARALLEL) {
        narrator.step(
            name,
            "%s %-54s %8s",
            step.status().isPassed() ? "✓" : "✗",
            Narrator.cut(step.title(), 54),
            seconds(step.duration()));
        name = "";
      }
      if (step.id().equals("restore")) {
        narrator.more("  %s", step.message());
      }
    }
    require(run.status() == RunStatus.RECOVERED, "the run ends RECOVERED, not " + run.status());
    require(conversations.damaged().isEmpty(), "every conversation is whole again");
    require(Files.exists(disaster.gone()), "what was gone is back");
    chatbot = recovery.chatbot();
    user = new ChatClient(chatbot.address());
    narrator.step(
        "Recovered",
        "%s after the fault was seen; incident %s",
        seconds(run.recoveryTime().orElseThrow()),
        run.incident());
    narrator.more("what was damaged is kept in a QUARANTINE snapshot and for an undo");
    return run;
  }

  private void ask(UUID old, Conversation before, ChatClient.Reply lost, ChatClient.Reply kept)
      throws IOException, StepFailedException {
    Conversation recalled = user.recall(old);
    int missing = before.messages().size() - recalled.messages().size();
    require(
        recalled
            .messages()
            .equals(before.messages().subList(0, before.messages().size() - 2)),
        "the old conversation is as it was when it was backed up");
    require(missing == 2 && lost.conversation().equals(old), "no more than that is lost");
    require(
        user.recall(kept.conversation()).messages().size() == 2,
        "a conversation that no backup has, and that was not damaged, is still there");
    narrator.step(
        "Ask",
        "\"%s\", begun %s: %d messages are there",
        recalled.title(),
        recalled.created().toLocalDate(),
        recalled.messages().size());
    narrator.more("chatbot    %s", user.say(old, "Where were we?").text());
  }

  private void stop(DisasterRecovery backups, ChatbotRecovery recovery)
      throws IOException, StepFailedException {
    BackupReport last = recovery.stop().orElseThrow();
    Snapshot snapshot = complete(last);
    narrator.step(
        "Stop",
        "backed up while stopping: snapshot %s, %s stored",
        snapshot.id().abbreviated(),
        size(last.bytesStored()));
    verify(backups);
    Path place = directory.resolve("repository");
    try (Stream<Path> files = Files.walk(place)) {
      long bytes =
          files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
      narrator.step(
          "Repository",
          "%s: %d snapshots in %s",
          place,
          backups.repository().snapshots().size(),
          size(bytes));
    }
    narrator.more("its passphrase is in %s", directory.resolve("passphrase"));
  }

  private void objectives(ChatbotRecovery recovery, RunReport run)
      throws IOException, StepFailedException {
    narrator.say("");
    narrator.step("Objective", "%-20s %8s  %10s  %s", "", "target", "measured", "state");
    for (ObjectiveResult result : recovery.objectives()) {
      Objective objective = result.objective();
      require(
          result.state() == ObjectiveState.COMPLIANT,
          objective.kind() + " of " + objective.scope() + " is held");
      narrator.more(
          "%-20s %6d h  %10s  %s",
          objective.kind() + " " + objective.scope(),
          objective.target().toHours(),
          seconds(result.measured().orElseThrow()),
          result.state());
    }
    narrator.more(
        "This recovery took %s and lost 1 message and its answer, written after the last",
        seconds(run.recoveryTime().orElseThrow()));
    narrator.more("good snapshot");
  }

  private static Snapshot complete(BackupReport report) throws StepFailedException {
    require(report.status() == BackupStatus.COMPLETE, "the backup is complete");
    return report.snapshot().orElseThrow();
  }

  private static Snapshot newest(DisasterRecovery backups) throws IOException {
    List<Snapshot> all = backups.repository().snapshots();
    return all.get(all.size() - 1);
  }

  private Secret newPassphrase() throws IOException {
    byte[] random = new byte[18];
    new SecureRandom().nextBytes(random);
    String text = Base64.getEncoder().encodeToString(random);
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("passphrase"), text, StandardCharsets.US_ASCII);
    return Secret.ofPassphrase(text.toCharArray());
  }

  private static void removeTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
