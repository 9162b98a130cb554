package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.ImportOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Something that is no directory is in the place of one of the repository's directories. Every verb
 * works, or says so with an error of damage that names it; none follows a link out of the
 * repository.
 */
class MisshapenRepositoryTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);
  private static final PruneOptions NOW = new PruneOptions(0, Long.MAX_VALUE).now();

  @TempDir
  private Path temp;

  private final Secret one = Secret.ofPassphrase("one".toCharArray());
  private final Secret two = Secret.ofPassphrase("two".toCharArray());
  private final List<SnapshotId> ids = new ArrayList<>();
  private RootKey root;
  private Path place;
  private Path data;
  private Path outside;
  private Path copy;
  private String bent;
  private int runs;

  /** Keeps the first key that it gives: a test that opens by the root key derives nothing. */
  private static final class Recording extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private byte[] key;

    @Override
    public void nextBytes(byte[] bytes) {
      super.nextBytes(bytes);
      if (key == null) {
        key = bytes.clone();
      }
    }
  }

  /** The thing in the place of a directory. */
  private enum Shape {
    FILE,
    /** A link to the directory itself, which was moved out of the repository. */
    LINK_TO_ITSELF,
    LINK_TO_EMPTY,
    DANGLING_LINK
  }

  /** A verb on an open repository. */
  private interface Verb {
    void run(BackupRepository repository) throws IOException;
  }

  private static Stream<Arguments> shapes() {
    return Stream.of("catalog", "packs", "index", "tmp", "keys", "packs/*")
        .flatMap(
            directory -> Stream.of(Shape.values()).map(shape -> Arguments.of(directory, shape)));
  }

  @BeforeEach
  void make() throws IOException {
    place = temp.resolve("repository");
    outside = Files.createDirectory(temp.resolve("outside"));
    data = Files.createDirectory(temp.resolve("data"));
    copy = temp.resolve("copy");
    Trees.scatter(data, 4, 1);
    Recording random = new Recording();
    try (BackupRepository repository = builder().random(random).create(one)) {
      root = RootKey.of(random.key);
      for (int i = 0; i < 3; i++) {
        Files.writeString(data.resolve("file"), "state " + i);
        ids.add(backUp(repository));
      }
      repository.copies().copyTo(LocalStorage.at(copy), VerifyOptions.structure());
      repository.exportTo(Selector.of(ids.get(0)), List.of(), temp.resolve("archive.tar.gz"));
    }
    Files.writeString(data.resolve("file"), "new");
  }

  @AfterEach
  void close() {
    root.close();
    one.close();
    two.close();
  }

  private BackupRepository.Builder builder() {
    return BackupRepository.builder(LocalStorage.at(place))
        .executor(Runnable::run, 1)
        .host("host")
        .kdf(TestKeys.cheapKdf())
        .state(temp.resolve("state"));
  }

  private SnapshotId backUp(BackupRepository repository) throws IOException {
    return repository
        .backUp(List.of(Component.directory("data", Kind.CUSTOM, data)), MANUAL)
        .snapshot()
        .orElseThrow()
        .id();
  }

  private Map<String, Verb> verbs() {
    Map<String, Verb> verbs = new TreeMap<>();
    Path to = temp.resolve("to");
    verbs.put("backUp", this::backUp);
    verbs.put("verify", r -> requireHonest(r.verify(VerifyOptions.readAll())));
    verbs.put("verifyStructure", r -> requireHonest(r.verify(VerifyOptions.structure())));
    verbs.put("snapshots", BackupRepository::snapshots);
    verbs.put("removedSnapshots", BackupRepository::removedSnapshots);
    verbs.put("history", BackupRepository::history);
    verbs.put("head", BackupRepository::head);
    verbs.put("figures", BackupRepository::figures);
    verbs.put("proofs", BackupRepository::proofs);
    verbs.put("probe", BackupRepository::probe);
    verbs.put("keys", BackupRepository::keys);
    verbs.put("addKey", r -> r.keys().add(one, two));
    verbs.put("removeKey", r -> r.keys().remove(r.keys().add(one, two)));
    verbs.put("tryPassphrase", r -> r.keys().authenticate(one));
    verbs.put("hold", r -> r.hold(ids.get(0), Optional.empty()));
    verbs.put("prune", r -> r.prune(r.planForget(Set.of(ids.get(1)), NOW)));
    verbs.put("list", r -> r.list(ids.get(0), "", entry -> {}));
    verbs.put("read", r -> r.read(ids.get(0), "data/file", new ByteArrayOutputStream()));
    verbs.put("diff", r -> r.diff(Selector.of(ids.get(0)), Selector.of(ids.get(2))));
    verbs.put(
        "restore",
        r -> r.restore(
            r.planRestore(RestoreRequest.to(Selector.of(ids.get(0)), to.resolve("" + runs++))),
            List.of()));
    verbs.put(
        "export",
        r -> r.exportTo(Selector.of(ids.get(0)), List.of(), temp.resolve(runs++ + ".tar.gz")));
    verbs.put("import", r -> r.importFrom(temp.resolve("archive.tar.gz"), ImportOptions.DEFAULT));
    verbs.put("copy", r -> r.copies().copyTo(LocalStorage.at(copy), VerifyOptions.readAll()));
    verbs.put(
        "copyToNew",
        r -> r.copies()
            .copyTo(LocalStorage.at(temp.resolve("copy" + runs++)), VerifyOptions.structure()));
    return verbs;
  }

  /** What a verify of one directory of packs finds depends on what lies in it. */
  private void requireHonest(VerifyReport report) {
    if (!bent.startsWith("packs/")) {
      assertThat(report).isDamaged().namesObject(bent);
    }
  }

  private static String bent(Path of, String directory) throws IOException {
    if (!directory.endsWith("/*")) {
      return directory;
    }
    try (Stream<Path> children = Files.list(of.resolve("packs"))) {
      return "packs/"
          + children.map(p -> p.getFileName().toString()).sorted().findFirst().get();
    }
  }

  /** Puts something in the place of a directory, which is moved out of the repository. */
  private void bend(Path of, String directory, Shape shape) throws IOException {
    Path at = of.resolve(directory);
    Path moved = outside.resolve("moved");
    if (Files.exists(at)) {
      Files.move(at, moved);
    } else {
      Files.createDirectory(moved);
    }
    switch (shape) {
      case FILE -> Files.writeString(at, "no directory");
      case LINK_TO_ITSELF -> Files.createSymbolicLink(at, moved);
      case LINK_TO_EMPTY ->
        Files.createSymbolicLink(at, Files.createDirectory(outside.resolve("empty")));
      case DANGLING_LINK -> Files.createSymbolicLink(at, outside.resolve("nothing"));
      default -> throw new AssertionError(shape);
    }
  }

  private Map<String, String> outside() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(outside)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        boolean isFile = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        String content =
            isFile ? new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1) : "";
        found.put(outside.relativize(path).toString(), content);
      }
    }
    return found;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void everyVerb_worksOrNamesIt_andFollowsNothing(String directory, Shape shape)
      throws IOException {
    String name = bent(place, directory);
    bent = name;
    bend(place, name, shape);
    Map<String, String> before = outside();
    for (Map.Entry<String, Verb> verb : verbs().entrySet()) {
      String what = verb.getKey() + " with " + name + " as " + shape;
      try (BackupRepository repository = builder().open(root)) {
        verb.getValue().run(repository);
      } catch (CorruptRepositoryException e) {
        requireNamed(what, e, name);
      } catch (IOException e) {
        throw new AssertionError(what + ": " + e, e);
      }
      assertThat(outside()).as(what).isEqualTo(before);
    }
    try (BackupRepository repository = builder().open(one)) {
      assertThat(repository.id()).isNotBlank();
    } catch (CorruptRepositoryException e) {
      requireNamed("open by passphrase", e, name);
    }
    requireMendable(name);
  }

  /** With the directory back in its place everything is whole. */
  private void requireMendable(String name) throws IOException {
    Files.delete(place.resolve(name));
    Files.move(outside.resolve("moved"), place.resolve(name));
    try (BackupRepository repository = builder().open(root)) {
      assertThat(repository.verify(VerifyOptions.readAll()).status())
          .isEqualTo(VerifyReport.Status.CLEAN);
      backUp(repository);
      repository.copies().copyTo(LocalStorage.at(copy), VerifyOptions.readAll());
      assertThat(repository.copies().state(LocalStorage.at(copy)).entriesBehind())
          .isZero();
    }
  }

  /** As above, in the place that is written to by a copy, and by a heal. */
  @ParameterizedTest
  @MethodSource("shapes")
  void copyAndHeal_targetIsMisshapen_workOrNameIt(String directory, Shape shape)
      throws IOException {
    String name = bent(copy, directory);
    bend(copy, name, shape);
    Map<String, String> before = outside();
    try (BackupRepository repository = builder().open(root)) {
      backUp(repository);
      requireNamed(
          name, () -> repository.copies().copyTo(LocalStorage.at(copy), VerifyOptions.readAll()));
      requireNamed(name, () -> repository.copies().state(LocalStorage.at(copy)));
    }
    assertThat(outside()).isEqualTo(before);
    Files.deleteIfExists(copy.resolve("copy"));
    try (BackupRepository repository = builder().open(root)) {
      requireNamed(
          name, () -> repository.copies().heal(LocalStorage.at(copy), VerifyOptions.readAll()));
    }
    assertThat(outside()).isEqualTo(before);
  }

  /** A verb whose result is no matter. */
  private interface Call {
    Object run() throws IOException;
  }

  private static void requireNamed(String name, Call call) throws IOException {
    try {
      call.run();
    } catch (CorruptRepositoryException e) {
      requireNamed("a copy", e, name);
    }
  }

  /** One directory of packs is not needed by itself: what it holds may be named as lost instead. */
  private static void requireNamed(String what, CorruptRepositoryException e, String name) {
    if (name.startsWith("packs/") && !e.object().equals(name)) {
      assertThat(e.object()).as(what).matches("(blob |packs/).*");
      return;
    }
    assertThat(e.object()).as(what).isEqualTo(name);
    assertThat(e).as(what).hasMessageContaining("a file or a link is");
    assertThat(e.action()).as(what).containsAnyOf("take it away", "put the directory itself");
  }
}
