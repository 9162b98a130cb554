package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The resources that an application must not lose when it runs for months: threads, descriptors,
 * memory.
 */
class ManyBackupsTest {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int FIRST = 10;
  private static final int BACKUPS = 200;
  private static final int LIVES = 10;
  private static final Pattern HISTOGRAM_LINE = Pattern.compile(
      "\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(com\\.personalaichatbot\\.dr\\.c(?!ore\\.storage)\\S+).*");

  @TempDir
  Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  private Path data;

  @BeforeEach
  void makeData() throws IOException {
    data = temp.resolve("data");
    Trees.scatter(data, 20, 5);
  }

  private static BackupRepository.Builder in(Storage storage) {
    return BackupRepository.builder(storage).host("host");
  }

  private void backUp(BackupRepository repository, int number) throws IOException {
    Files.writeString(data.resolve("changing"), "as of backup " + number);
    assertThat(repository.backUp(
            List.of(Component.directory("data", Kind.CUSTOM, data)),
            BackupOptions.of(Purpose.MANUAL)))
        .isComplete();
  }

  /** The resources of this library that the process holds. */
  private record Held(int threads, List<String> descriptors, Map<String, Integer> objects) {}

  private Held held() throws Exception {
    int threads = 0;
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      threads += thread.getName().startsWith("dr-") ? 1 : 0;
    }
    return new Held(threads, descriptors(), objects());
  }

  /** The threads of a pool that has terminated end immediately, and that may take a moment. */
  private static void awaitEnd() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("dr-")) {
        thread.join(TimeUnit.SECONDS.toMillis(30));
      }
    }
  }

  /** The files of this test that the process has open; none where the system does not say. */
  private List<String> descriptors() throws IOException {
    List<String> open = new ArrayList<>();
    if (!Files.isDirectory(DESCRIPTORS)) {
      return open;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path descriptor : all) {
        try {
          Path file = Files.readSymbolicLink(descriptor);
          if (file.startsWith(temp.toRealPath())) {
            open.add(file.toString());
          }
        } catch (NoSuchFileException e) {
          // That of the listing itself, or of another thread.
        }
      }
    }
    return open;
  }

  /** How many objects of each of our classes are left after a full collection. */
  private static Map<String, Integer> objects() throws Exception {
    String histogram = (String) ManagementFactory.getPlatformMBeanServer()
        .invoke(
            new ObjectName("com.sun.management:type=DiagnosticCommand"),
            "gcClassHistogram",
            new Object[] {new String[0]},
            new String[] {String[].class.getName()});
    Map<String, Integer> objects = new TreeMap<>();
    for (String line : histogram.split("\n")) {
      Matcher matcher = HISTOGRAM_LINE.matcher(line);
      if (matcher.matches()) {
        objects.put(matcher.group(2), Integer.parseInt(matcher.group(1)));
      }
    }
    return objects;
  }

  /** A class may have some objects more, but not one for each of so many rounds. */
  private static void assertNoGrowth(Held before, Held after, int rounds) {
    assertThat(after.threads).as("threads").isLessThanOrEqualTo(before.threads);
    assertThat(before.objects).as("classes looked at").isNotEmpty();
    after.objects.forEach((name, count) -> assertThat(count)
        .as("objects of %s", name)
        .isLessThan(before.objects.getOrDefault(name, 0) + rounds));
  }

  @Test
  void backUp_manyTimesWithOneObject_holdsNoMoreThanAtFirst() throws Exception {
    try (BackupRepository repository = in(new MemoryStorage()).create(root)) {
      for (int i = 0; i < FIRST; i++) {
        backUp(repository, i);
      }
      Held before = held();
      for (int i = 0; i < BACKUPS; i++) {
        backUp(repository, i);
      }
      assertNoGrowth(before, held(), BACKUPS);
    }
  }

  @Test
  void open_manyTimesForAllVerbs_holdsNothingWhenItIsClosed() throws Exception {
    LocalStorage storage = LocalStorage.at(temp.resolve("repository"));
    in(storage).create(root).close();
    Held before = null;
    for (int i = 0; i < 2 * LIVES; i++) {
      if (i == LIVES) {
        awaitEnd();
        before = held();
      }
      try (BackupRepository repository =
          in(LocalStorage.at(temp.resolve("repository"))).open(root)) {
        backUp(repository, i);
        assertThat(repository.verify(VerifyOptions.readAll())).isClean();
        RestoreRequest to = RestoreRequest.to(Selector.LATEST, temp.resolve("restored" + i));
        assertThat(repository.restore(repository.planRestore(to), List.of()).status())
            .isEqualTo(RestoreReport.Status.COMPLETE);
      }
    }
    awaitEnd();
    Held after = held();
    assertNoGrowth(before, after, LIVES);
    assertThat(after.descriptors).isEmpty();
  }
}
