package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.ImportOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.WrongKeyException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing of a name, a text or a key is in clear anywhere outside of the source: not in the
 * repository and the names of its files, not in the state directory, not in the directory for
 * temporary files, not in the text of an exception, not in a line of the log.
 */
class CanaryTest {
  /** In every name, text and key of this test. */
  private static final String CANARY = "kanarienvogel";

  @TempDir
  private Path temp;

  private Path data;
  private Path repositoryPath;
  private Path state;

  @BeforeEach
  void makeSource() throws IOException {
    data = Files.createDirectories(temp.resolve("source/" + CANARY + "-directory"));
    for (int i = 0; i < 300; i++) {
      // Enough of them, and alike enough, for a dictionary of their fragments.
      Files.writeString(
          data.resolve(CANARY + "-" + i + ".json"),
          ("{\"role\":\"user\",\"text\":\"" + CANARY + " number " + i * 7919 + " sings\"}")
              .repeat(20));
    }
    Files.writeString(data.resolve(".env"), "KEY=sk-or-v1-" + CANARY);
    Files.createSymbolicLink(data.resolve("link"), Path.of(CANARY + "-target"));
    repositoryPath = temp.resolve("repository");
    state = temp.resolve("state");
  }

  private BackupRepository.Builder builder() {
    return BackupRepository.builder(LocalStorage.at(repositoryPath))
        .host(CANARY + "-host")
        .state(state)
        .kdf(TestKeys.cheapKdf());
  }

  private List<Component> components() {
    return List.of(
        Component.directory(CANARY + "-component", Kind.CONVERSATIONS, data),
        Component.file(CANARY + "-secret", Kind.SECRETS, data.resolve(".env")));
  }

  private static List<Path> below(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.toList();
    }
  }

  private static Set<Path> temporaries() throws IOException {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return new HashSet<>(all.toList());
    }
  }

  private void requireNothingIn(Path directory, List<byte[]> canaries) throws IOException {
    int files = 0;
    for (Path path : below(directory)) {
      assertThat(directory.relativize(path).toString().toLowerCase()).doesNotContain(CANARY);
      if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        files++;
        byte[] bytes = Files.readAllBytes(path);
        for (byte[] canary : canaries) {
          assertThat(indexOf(bytes, canary)).as(path.toString()).isEqualTo(-1);
        }
      }
    }
    assertThat(files).as("files in " + directory).isPositive();
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      int n = 0;
      while (n < wanted.length && bytes[i + n] == wanted[n]) {
        n++;
      }
      if (n == wanted.length) {
        return i;
      }
    }
    return -1;
  }

  private static List<byte[]> texts() {
    List<byte[]> texts = new ArrayList<>();
    texts.add(CANARY.getBytes(StandardCharsets.UTF_8));
    texts.add(CANARY.getBytes(StandardCharsets.UTF_16LE));
    // Any eight letters of it are as bad: a match of the compressor may begin in the midst.
    for (int i = 0; i + 8 <= CANARY.length(); i++) {
      texts.add(CANARY.substring(i, i + 8).getBytes(StandardCharsets.UTF_8));
    }
    return texts;
  }

  private void useEveryVerb(BackupRepository repository) throws IOException {
    BackupOptions options = BackupOptions.of(Purpose.MANUAL).withTags(List.of(CANARY + "-tag"));
    assertThat(repository.backUp(components(), options)).isComplete();
    Files.writeString(data.resolve(CANARY + "-new"), CANARY + " again");
    assertThat(repository.backUp(components(), options)).isComplete();
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
    SnapshotId first = repository.snapshots().get(0).id();
    repository.markSuspect(first);
    repository.hold(first, Optional.empty());
    repository.release(first);
    repository.restore(
        repository.planRestore(RestoreRequest.to(Selector.of(first), temp.resolve("restored"))),
        List.of());
    Files.writeString(data.resolve(CANARY + "-1.json"), CANARY + " is lost");
    repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST).withDeleteExtra()),
        List.of());
    repository.undo(List.of());
    repository.list(first, "", entry -> {});
    repository.diff(Selector.of(first), Selector.LATEST);
    Path archive = temp.resolve("archive.tar.gz");
    repository.exportTo(Selector.LATEST, List.of(), archive);
    repository.importFrom(archive, ImportOptions.DEFAULT);
    repository.prune(repository.planForget(Set.of(first), PruneOptions.NOW));
  }

  @Test
  void everyVerb_leavesNothingInClear() throws IOException {
    Set<Path> before = temporaries();
    try (Secret passphrase = Secret.ofPassphrase((CANARY + " passphrase").toCharArray());
        BackupRepository repository = builder().create(passphrase)) {
      useEveryVerb(repository);
    }
    requireNothingIn(repositoryPath, texts());
    requireNothingIn(state, texts());
    assertThat(Files.readString(data.resolve(CANARY + "-new"))).contains(CANARY);
    for (Path path : temporaries()) {
      if (!before.contains(path) && Files.isReadable(path) && !path.equals(temp)) {
        assertThat(path.toString()).doesNotContain(CANARY);
        if (Files.isRegularFile(path) && Files.size(path) < 16 << 20) {
          assertThat(indexOf(Files.readAllBytes(path), texts().get(0)))
              .as(path.toString())
              .isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void everyVerb_logsNothingInClear() throws IOException {
    LoggedLines.record();
    List<String> lines;
    try (Secret passphrase = Secret.ofPassphrase((CANARY + " passphrase").toCharArray());
        Secret next = Secret.ofPassphrase((CANARY + " another").toCharArray())) {
      try (BackupRepository repository = builder().create(passphrase)) {
        useEveryVerb(repository);
        repository.keys().changePassphrase(passphrase, next);
        Files.delete(data.resolve(".env"));
        repository.backUp(components(), BackupOptions.of(Purpose.SCHEDULED));
        damageOnePack();
        assertThat(repository.verify(VerifyOptions.readAll())).isDamaged();
      }
      assertThatThrownBy(() -> builder().open(passphrase)).isInstanceOf(WrongKeyException.class);
    } finally {
      lines = LoggedLines.stop();
    }
    assertThat(lines)
        .as("one line an operation")
        .filteredOn(line -> line.startsWith("INFO "))
        .hasSizeGreaterThanOrEqualTo(10);
    assertThat(lines).noneMatch(line -> line.toLowerCase(Locale.ROOT).contains(CANARY));
  }

  private void damageOnePack() throws IOException {
    Path pack = below(repositoryPath.resolve("packs")).stream()
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow();
    byte[] bytes = Files.readAllBytes(pack);
    bytes[bytes.length / 2] ^= 1;
    Files.setPosixFilePermissions(pack, PosixFilePermissions.fromString("rw-------"));
    Files.write(pack, bytes);
  }

  @Test
  void rootKey_standsNowhere_wholeOrInParts() throws IOException {
    byte[] key = new byte[32];
    new java.util.Random(5).nextBytes(key);
    try (RootKey root = RootKey.of(key);
        BackupRepository repository = builder().create(root)) {
      useEveryVerb(repository);
    }
    List<byte[]> parts = new ArrayList<>();
    for (int i = 0; i < 32; i += 8) {
      parts.add(java.util.Arrays.copyOfRange(key, i, i + 8));
    }
    requireNothingIn(repositoryPath, parts);
    requireNothingIn(state, parts);
  }

  @Test
  void exceptions_ofAWrongPassphrase_holdNothingOfIt() throws IOException {
    try (Secret passphrase = Secret.ofPassphrase("right".toCharArray())) {
      builder().create(passphrase).close();
    }
    try (Secret wrong = Secret.ofPassphrase((CANARY + " passphrase").toCharArray())) {
      assertThat(wrong.toString()).doesNotContain(CANARY);
      for (Throwable e = catchThrowable(() -> builder().open(wrong)); e != null; e = e.getCause()) {
        assertThat(e.toString()).doesNotContain(CANARY);
      }
    }
  }
}
