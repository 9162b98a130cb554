package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writes the golden repositories. It is for the time before a format is released: afterwards what
 * it wrote is never written again, or the test that reads it proves nothing.
 *
 * <p>{@code -Ddr.golden=make} lets it run.
 */
@EnabledIfSystemProperty(named = "dr.golden", matches = "make")
class GoldenRepositoryMaker {
  private static final Instant MODIFIED = Instant.parse("2025-01-01T00:00:00.123456789Z");
  private static final Path GOLDEN = GoldenRepositoryTest.GOLDEN;

  @TempDir
  Path directory;

  @Test
  void make() throws IOException, InterruptedException {
    Path data = directory.resolve("data");
    makeSources(data);
    try (Stream<Path> old = Files.exists(GOLDEN) ? Files.walk(GOLDEN) : Stream.empty()) {
      for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    Files.createDirectories(GOLDEN);
    try (Secret first = Secret.ofPassphrase("golden passphrase".toCharArray());
        Secret second = Secret.ofPassphrase("second passphrase".toCharArray())) {
      Path place = GOLDEN.resolve("format-1");
      try (BackupRepository repository = builder(place).create(first)) {
        backUp(repository, data, BackupOptions.of(Purpose.MANUAL));
        Files.writeString(data.resolve("conversations/new.json"), "{\"messages\":[]}");
        backUp(repository, data, BackupOptions.of(Purpose.SCHEDULED).withTags(List.of("kept")));
        assertThat(repository.verify(VerifyOptions.readAll())).isClean();
        repository.hold(repository.snapshots().get(1).id(), Optional.empty());
        repository.keys().add(first, second);
        Files.delete(data.resolve("conversations/new.json"));
        backUp(repository, data, BackupOptions.of(Purpose.PRE_CHANGE));
        Files.write(GOLDEN.resolve("format-1.txt"), GoldenRepositoryTest.describe(repository));
      }
      Path pruned = GOLDEN.resolve("format-1-pruned");
      GoldenRepositoryTest.copy(place, pruned);
      try (BackupRepository repository = builder(pruned).open(first)) {
        Set<SnapshotId> gone = Set.of(repository.snapshots().get(0).id());
        repository.prune(repository.planForget(gone, new PruneOptions(0, Long.MAX_VALUE)));
      }
      for (Path made : List.of(place, pruned)) {
        Files.deleteIfExists(made.resolve("lock"));
        Files.deleteIfExists(made.resolve("reserve"));
        Files.deleteIfExists(made.resolve("tmp"));
      }
    }
  }

  private BackupRepository.Builder builder(Path place) {
    return BackupRepository.builder(LocalStorage.at(place))
        .state(directory.resolve("state-" + place.getFileName()))
        .host("golden-host")
        .kdf(TestKeys.cheapKdf());
  }

  private static void backUp(BackupRepository repository, Path data, BackupOptions options)
      throws IOException {
    List<Component> components = List.of(
        Component.directory("conversations", Kind.CONVERSATIONS, data.resolve("conversations")),
        Component.file("secrets", Kind.SECRETS, data.resolve("secrets")),
        Component.directory("tree", Kind.CUSTOM, data.resolve("tree")));
    assertThat(repository.backUp(components, options)).isComplete();
  }

  private static void makeSources(Path data) throws IOException, InterruptedException {
    Random random = new Random(20250101);
    Path conversations = Files.createDirectories(data.resolve("conversations"));
    for (int i = 0; i < 120; i++) {
      String text = Trees.text(random, 1000 + random.nextInt(100)).replace('"', ' ');
      Files.writeString(
          conversations.resolve(i + ".json"),
          "{\"id\":" + i + ",\"role\":\"assistant\",\"content\":\"" + text + "\"}");
    }
    Files.writeString(data.resolve("secrets"), "KEY=not-a-secret");
    Path tree = Files.createDirectories(data.resolve("tree"));
    Files.createDirectory(tree.resolve("empty"));
    Files.createFile(tree.resolve("nothing"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("nowhere/at all"));
    Files.writeString(tree.resolve("one"), "two names");
    Files.createLink(tree.resolve("two"), tree.resolve("one"));
    byte[] numbers = new byte[300_000];
    random.nextBytes(numbers);
    Files.write(tree.resolve("numbers"), numbers);
    byte[] sparse = new byte[200_000];
    sparse[199_999] = 1;
    sparse[0] = 1;
    Files.write(tree.resolve("sparse"), sparse);
    Files.write(tree.resolve("zeros"), new byte[100_000]);
    String script = "printf 'no text  ' > \"$1/caf$(printf '\\351')\""
        + " && find \"$0\" -exec touch -h -d '" + MODIFIED + "' {} +"
        + " && chmod -R u=rwX,go=rX \"$0\" && chmod 600 \"$0/secrets\"";
    Process shell = new ProcessBuilder("sh", "-c", script, data.toString(), tree.toString())
        .inheritIO()
        .start();
    org.assertj.core.api.Assertions.assertThat(shell.waitFor()).isZero();
  }
}
