package com.personalaichatbot.dr.examples.chatbot;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The chatbot as {@code docker stop} ends it: a process that is told to end while clients talk to
 * it, and killed when its time is over. What a client was answered before the signal is in the
 * snapshot of the end or listed as not in it, and is in the first one of the next start.
 *
 * <p>Once with Docker's 10 seconds and once with next to none; {@code -Ddr.stops=20} repeats both
 * that many times and prints a line for each.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
@Timeout(300)
class StopUnderLoadTest {
  private static final int CLIENTS = 4;
  private static final int OLD_CONVERSATIONS = 300;
  private static final String PASSPHRASE = "a passphrase of the tests";

  @TempDir
  private Path directory;

  private DataDirectory data;
  private Path repository;

  /** How many messages of each conversation a client got answers to. */
  private final Map<UUID, Integer> answered = new ConcurrentHashMap<>();

  static Stream<Arguments> stops() {
    return IntStream.rangeClosed(1, Integer.getInteger("dr.stops", 1))
        .boxed()
        .flatMap(stop -> Stream.of(
            Arguments.of(stop, 10_000L), Arguments.of(stop, (long) new Random(stop).nextInt(400))));
  }

  @ParameterizedTest(name = "stop {0}, killed after {1} ms")
  @MethodSource("stops")
  void stop_underLoad_losesNothingThatWasAnswered(int stop, long killedAfter) throws Exception {
    prepare();
    Process process = launch();
    List<String> said = new ArrayList<>();
    BufferedReader output = output(process);
    URI address = URI.create(await(output, "Listening on ", said));
    Thread listener = listen(output, said);
    List<Thread> clients =
        IntStream.range(0, CLIENTS).mapToObj(i -> talk(address, i)).toList();
    int wanted = 20 + new Random(stop).nextInt(100);
    while (answered.size() < wanted && !process.waitFor(10, TimeUnit.MILLISECONDS)) {
      assertThat(process.isAlive()).isTrue();
    }

    Map<UUID, Integer> before = Map.copyOf(answered);
    long begun = System.nanoTime();
    process.toHandle().destroy();
    boolean ended = process.waitFor(killedAfter, TimeUnit.MILLISECONDS);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    process.destroyForcibly().waitFor();
    for (Thread thread : clients) {
      thread.join();
    }
    listener.join();

    assertThat(before).as("%s", said).hasSizeGreaterThanOrEqualTo(wanted);
    Optional<Snapshot> atTheEnd = newest(Purpose.SHUTDOWN);
    if (killedAfter >= 10_000) {
      assertThat(ended).as("ended by itself: %s", said).isTrue();
      assertThat(atTheEnd).isPresent();
    }
    List<UUID> missing = atTheEnd.isEmpty() ? List.of() : missing(atTheEnd.get(), before);
    if (ended) {
      assertThat(missing)
          .allSatisfy(id -> assertThat(said)
              .anyMatch(line -> line.startsWith("Not in it: ") && line.contains(id.toString())));
    }

    Snapshot next = startAgain();
    // The log, which the chatbot writes meanwhile, may be a listed failure; conversations may not.
    assertThat(next.component("conversations").orElseThrow().status())
        .isEqualTo(BackupStatus.COMPLETE);
    assertThat(missing(next, before)).isEmpty();
    System.out.printf(
        "stop %d: %s after %d ms; %d conversations answered before the signal; %s; all of them"
            + " at the next start%n",
        stop,
        ended ? "ended" : "killed",
        millis,
        before.size(),
        atTheEnd
            .map(s -> "%d in the snapshot (%s), %d listed"
                .formatted(before.size() - missing.size(), s.status(), missing.size()))
            .orElse("no snapshot"));
  }

  @Test
  void stop_asSoonAsItAnswers_isBackedUp() throws Exception {
    prepare(3);
    int port = Chatbot.freePort();
    Process process = launch(port);
    ChatClient client = new ChatClient(URI.create("http://127.0.0.1:" + port + "/"));
    UUID said = null;
    while (said == null) {
      assertThat(process.isAlive()).isTrue();
      try {
        said = client.say("Hello").conversation();
      } catch (IOException e) {
        Thread.sleep(1); // It does not listen yet.
      }
    }

    process.toHandle().destroy();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(output).contains("Backed up at the end: ");
    // On a loaded machine the time may be over before all is stored; what is not, is named then.
    List<UUID> missing = List.of(said);
    Optional<Snapshot> atTheEnd = newest(Purpose.SHUTDOWN);
    if (atTheEnd.isPresent()) {
      missing = missing(atTheEnd.get(), Map.of(said, 1));
    }
    assertThat(missing)
        .allSatisfy(id -> assertThat(output.lines())
            .anyMatch(line -> line.startsWith("Not in it: ") && line.contains(id.toString())));
  }

  private void prepare() throws IOException {
    prepare(OLD_CONVERSATIONS);
  }

  private void prepare(int conversations) throws IOException {
    data = new DataDirectory(directory.resolve("data"));
    repository = directory.resolve("repository");
    SampleData.write(data, conversations, 1);
    Files.writeString(directory.resolve("passphrase"), PASSPHRASE);
    try (Secret passphrase = Secret.ofPassphrase(PASSPHRASE.toCharArray())) {
      BackupRepository.builder(LocalStorage.at(repository))
          .kdf(TestKeys.cheapKdf())
          .create(passphrase)
          .close();
    }
  }

  private Process launch() throws IOException {
    return launch(0);
  }

  private Process launch(int port) throws IOException {
    ProcessBuilder command = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-classpath",
            System.getProperty("java.class.path"),
            Chatbot.class.getName(),
            directory.resolve("data").toString(),
            repository.toString(),
            directory.resolve("passphrase").toString(),
            Integer.toString(port))
        .redirectErrorStream(true);
    command.environment().clear();
    command.environment().put("LC_ALL", "C.UTF-8");
    return command.start();
  }

  private static BufferedReader output(Process process) {
    return process.inputReader(StandardCharsets.UTF_8);
  }

  /** Waits for a line, and gives what is behind its beginning. */
  private static String await(BufferedReader output, String beginning, List<String> said)
      throws IOException {
    String line;
    do {
      line = output.readLine();
      assertThat(line).as("'%s' after %s", beginning, said).isNotNull();
      said.add(line);
    } while (!line.startsWith(beginning));
    return line.substring(beginning.length());
  }

  private static Thread listen(BufferedReader output, List<String> said) {
    return start("listener", () -> output.lines().forEach(said::add));
  }

  /** A client that begins conversations and goes on with them until nobody answers. */
  private Thread talk(URI address, int number) {
    return start("client-" + number, () -> {
      ChatClient client = new ChatClient(address);
      Random random = new Random(number);
      try {
        while (true) {
          UUID conversation = client.say("Hello, this is " + number).conversation();
          answered.put(conversation, 1);
          for (int more = random.nextInt(4); more > 0; more--) {
            client.say(conversation, "and one more: " + more);
            answered.merge(conversation, 1, Integer::sum);
          }
        }
      } catch (IOException e) {
        // The chatbot has stopped.
      }
    });
  }

  private static Thread start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Starts the chatbot once more, lets it back up, and gives that snapshot. */
  private Snapshot startAgain() throws Exception {
    Process process = launch();
    try (BufferedReader output = output(process)) {
      assertThat(await(output, "Backed up at the start: ", new ArrayList<>()))
          .isNotEqualTo(BackupStatus.FAILED.name());
    } finally {
      process.destroyForcibly().waitFor();
    }
    return newest(Purpose.SCHEDULED).orElseThrow();
  }

  @FunctionalInterface
  private interface Look<T> {
    T at(BackupRepository repository) throws IOException;
  }

  private <T> T look(Look<T> look) throws IOException {
    try (Secret passphrase = Secret.ofPassphrase(PASSPHRASE.toCharArray());
        BackupRepository open =
            BackupRepository.builder(LocalStorage.at(repository)).open(passphrase)) {
      assertThat(open.verify(VerifyOptions.readAll()).isClean()).isTrue();
      return look.at(open);
    }
  }

  private Optional<Snapshot> newest(Purpose purpose) throws IOException {
    return look(open -> open.snapshots().stream()
        .filter(snapshot -> snapshot.purpose() == purpose)
        .reduce((older, newer) -> newer));
  }

  /** The conversations of which a snapshot does not hold all that was answered. */
  private List<UUID> missing(Snapshot snapshot, Map<UUID, Integer> answered) throws IOException {
    return look(open -> {
      List<UUID> missing = new ArrayList<>();
      for (Map.Entry<UUID, Integer> one : answered.entrySet()) {
        if (messages(open, snapshot, one.getKey()) < one.getValue()) {
          missing.add(one.getKey());
        }
      }
      return missing;
    });
  }

  private static long messages(BackupRepository open, Snapshot snapshot, UUID id)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      open.read(snapshot.id(), "conversations/active/" + id + ".json", out);
    } catch (SnapshotNotFoundException e) {
      return 0;
    }
    return Conversation.parse(out.toString(StandardCharsets.UTF_8)).messages().stream()
        .filter(message -> message.role().equals("user"))
        .count();
  }
}
