package com.personalaichatbot.dr.examples.chatbot;

import static com.personalaichatbot.dr.examples.chatbot.Narrator.seconds;
import static com.personalaichatbot.dr.examples.chatbot.Narrator.size;
import static com.personalaichatbot.dr.examples.chatbot.StepFailedException.require;

import com.personalaichatbot.dr.core.BackupRepository;
import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.crypto.Secret;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.Status;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Plays the story of a chatbot that loses its data and gets it back, with real figures. A step that
 * does not come out as it has to ends the story, and the process with exit code 1.
 */
public final class Demo {
  private static final int CONVERSATIONS = 400;
  private static final long SEED = 20261123;
  private static final Duration RTO = Duration.ofHours(4);
  private static final Duration RPO_CONFIGURATION = Duration.ofHours(1);
  private static final Duration RPO_CONVERSATIONS = Duration.ofHours(24);
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
    Path directory = Path.of(args.length == 0 ? "target/demo" : args[0]);
    try {
      play(directory, CONVERSATIONS, System.out);
    } catch (StepFailedException e) {
      System.out.println("\nThis did not hold: " + e.getMessage() + ".");
      System.exit(1);
    } catch (IOException e) {
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
  static void play(Path directory, int count, PrintStream out)
      throws IOException, StepFailedException {
    for (String part : List.of("data", "repository", "state", "passphrase")) {
      removeTree(directory.resolve(part));
    }
    new Demo(directory, out).play(count);
  }

  private void play(int count) throws IOException, StepFailedException {
    SampleData.write(data, count, SEED);
    try (Secret passphrase = newPassphrase();
        BackupRepository repository = BackupRepository.builder(
                LocalStorage.at(directory.resolve("repository")))
            .state(directory.resolve("state"))
            .create(passphrase)) {
      narrator.say("A chatbot loses its data, and gets it back%n");
      DisasterRecovery recovery = DisasterRecovery.of(repository, data.components());
      start(recovery);
      try {
        tell(recovery);
      } finally {
        chatbot.fail();
      }
    }
  }

  private void tell(DisasterRecovery recovery) throws IOException, StepFailedException {
    UUID old = oldConversation();
    talk(old);
    backUp(recovery);
    Snapshot good = secondBackup(recovery);
    List<Path> backedUp = conversations.files();
    ChatClient.Reply lost = user.say(old, "One thing more, after the backup.");
    ChatClient.Reply kept = user.say("Hello, this is somebody else.");
    narrator.step("Talk", "2 more messages, which no backup has yet");

    Conversation before = conversations.find(old).orElseThrow();
    Instant struck = clock.instant();
    Disaster disaster = strike(old, backedUp);
    Instant detected = clock.instant();
    detect(recovery, disaster);
    RestorePlan plan = dryRun(recovery, disaster);
    restore(recovery, plan, disaster);
    verify(recovery);
    start(recovery);
    Duration downtime = Duration.between(detected, clock.instant());

    ask(old, before, lost, kept);
    objectives(downtime, Duration.between(good.started(), struck));
    close(recovery);
  }

  private void start(DisasterRecovery recovery) throws IOException, StepFailedException {
    chatbot = Chatbot.start(data, recovery, clock, 0);
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
    return chatbot.checkHealth().group(Health.RECOVERY).orElseThrow().status();
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

  private void backUp(DisasterRecovery recovery) throws IOException, StepFailedException {
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
    verify(recovery);
  }

  private Snapshot secondBackup(DisasterRecovery recovery) throws IOException, StepFailedException {
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
    verify(recovery);
    Snapshot good = newest(recovery);
    require(
        good.isGoodFor("conversations") && good.isGoodFor("config"),
        "the newest snapshot is good, now that every byte was read back");
    require(backups() == Status.UP, "the chatbot's health finds no fault with its backups");
    narrator.more("the chatbot's health says of the backups: %s", Status.UP);
    return good;
  }

  private void verify(DisasterRecovery recovery) throws IOException, StepFailedException {
    VerifyReport report = recovery.verify();
    require(report.isClean(), "the repository is clean");
    narrator.step(
        "Verify",
        "%s; every byte of %d blobs read back, %s",
        report.status(),
        report.blobs(),
        seconds(report.duration()));
  }

  private Disaster strike(UUID old, List<Path> backedUp) throws IOException {
    chatbot.fail();
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

  private void detect(DisasterRecovery recovery, Disaster disaster)
      throws IOException, StepFailedException {
    Map<Path, String> found = Map.of();
    try {
      Chatbot.start(data, recovery, clock, 0).fail();
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
  }

  private RestorePlan dryRun(DisasterRecovery recovery, Disaster disaster)
      throws IOException, StepFailedException {
    RestorePlan plan = recovery
        .repository()
        .planRestore(RestoreRequest.inPlace(Selector.LATEST_GOOD)
            .withComponents(List.of("config", "conversations")));
    require(plan.files().replace() == disaster.damaged(), "the plan replaces what is damaged");
    require(plan.files().create() == 1, "the plan brings back what is gone");
    require(plan.failures().isEmpty(), "everything can be restored");
    narrator.step(
        "Dry run",
        "from latest good, %s: %d files to replace, %d to create, %d unchanged;",
        plan.parts().get(0).snapshot().abbreviated(),
        plan.files().replace(),
        plan.files().create(),
        plan.files().unchanged());
    narrator.more("%s to write, %s free", size(plan.bytesToWrite()), size(plan.freeSpace()));
    return plan;
  }

  private void restore(DisasterRecovery recovery, RestorePlan plan, Disaster disaster)
      throws IOException, StepFailedException {
    RestoreReport report = recovery.restore(plan);
    require(report.status() == RestoreReport.Status.COMPLETE, "the restore is complete");
    require(report.verified(), "what was restored was read back");
    require(conversations.damaged().isEmpty(), "every conversation is whole again");
    require(Files.exists(disaster.gone()), "what was gone is back");
    narrator.step(
        "Restore",
        "in place: %d replaced, %d created, %s written and read back, %s",
        report.files().replace(),
        report.files().create(),
        size(report.bytesWritten()),
        seconds(report.duration()));
    require(report.safety().isPresent(), "what was replaced is kept in a snapshot");
    narrator.more(
        "what was replaced is kept for an undo, and in snapshot %s",
        report.safety().get().abbreviated());
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
        "a conversation that no backup has, and that was not hit, is still there");
    narrator.step(
        "Ask",
        "\"%s\", begun %s: %d messages are there",
        recalled.title(),
        recalled.created().toLocalDate(),
        recalled.messages().size());
    narrator.more("chatbot    %s", user.say(old, "Where were we?").text());
  }

  private void objectives(Duration downtime, Duration age) throws StepFailedException {
    narrator.say("");
    narrator.step("Objective", "%-22s %8s  %10s", "", "target", "measured");
    objective("RTO, critical parts", RTO, downtime);
    objective("RPO, configuration", RPO_CONFIGURATION, age);
    objective("RPO, conversations", RPO_CONVERSATIONS, age);
    narrator.more("Lost: 1 message and its answer, written after the last good snapshot");
  }

  private void objective(String name, Duration target, Duration measured)
      throws StepFailedException {
    require(measured.compareTo(target) <= 0, name + " is met");
    narrator.more("%-22s %6d h  %10s  met", name, target.toHours(), seconds(measured));
  }

  private void close(DisasterRecovery recovery) throws IOException, StepFailedException {
    narrator.say("");
    BackupReport last = chatbot.stop();
    Snapshot snapshot = complete(last);
    narrator.step(
        "Stop",
        "backed up while stopping: snapshot %s, %s stored",
        snapshot.id().abbreviated(),
        size(last.bytesStored()));
    Path place = directory.resolve("repository");
    try (Stream<Path> files = Files.walk(place)) {
      long bytes =
          files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
      narrator.step(
          "Repository",
          "%s: %d snapshots in %s",
          place,
          recovery.repository().snapshots().size(),
          size(bytes));
    }
    narrator.more("its passphrase is in %s", directory.resolve("passphrase"));
  }

  private static Snapshot complete(BackupReport report) throws StepFailedException {
    require(report.status() == BackupStatus.COMPLETE, "the backup is complete");
    return report.snapshot().orElseThrow();
  }

  private static Snapshot newest(DisasterRecovery recovery) throws IOException {
    List<Snapshot> all = recovery.repository().snapshots();
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
