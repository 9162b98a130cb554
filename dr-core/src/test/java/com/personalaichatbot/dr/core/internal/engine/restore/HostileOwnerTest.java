package com.personalaichatbot.dr.core.internal.engine.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreArea;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.journal.Change;
import com.personalaichatbot.dr.core.internal.journal.Journal;
import com.personalaichatbot.dr.core.internal.journal.JournalHeader;
import com.personalaichatbot.dr.core.internal.journal.JournalState;
import com.personalaichatbot.dr.core.internal.journal.RestoreKey;
import com.personalaichatbot.dr.core.internal.scan.FileStat;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Root restores over the directory of an ordinary user, who would like to be root. */
@Timeout(120)
class HostileOwnerTest {
  private static final int USER = 65534;

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  @AutoClose
  private BackupRepository repository;

  private Path data;
  private Path shell;

  @BeforeEach
  void backUp() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self")), "a Linux is needed");
    assumeTrue((Integer) Files.getAttribute(temp, "unix:uid") == 0, "root is needed");
    repository = BackupRepository.builder(new MemoryStorage())
        .executor(Runnable::run, 1)
        .state(temp.resolve("state"))
        .create(root);
    data = Files.createDirectory(temp.resolve("data"));
    Files.writeString(data.resolve("file"), "new");
    shell = Files.writeString(data.resolve("shell"), "a program of the user");
    give(data);
    give(data.resolve("file"));
    give(shell);
    repository.backUp(
        List.of(Component.directory("data", Kind.CUSTOM, data)), BackupOptions.of(Purpose.MANUAL));
    Files.writeString(data.resolve("file"), "old state");
  }

  private static void give(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", USER, LinkOption.NOFOLLOW_LINKS);
  }

  private static Path privateDirectory(Path path) throws IOException {
    return Files.createDirectory(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private void restore() throws IOException {
    repository.restore(repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)), List.of());
  }

  private void requireRefused(Path object) throws IOException {
    assertThatThrownBy(this::restore)
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining(object.toString());
    repository.finishRestores();
    assertThat(data.resolve("file")).hasContent("old state");
    assertThat((Integer) Files.getAttribute(shell, "unix:uid")).isEqualTo(USER);
    assertThat((Integer) Files.getAttribute(shell, "unix:mode") & 07777).isNotEqualTo(04755);
    repository.backUp(
        List.of(Component.directory("data", Kind.CUSTOM, data)), BackupOptions.of(Purpose.MANUAL));
  }

  /** Says, under a key of the user's own, that his program is to be root's and set-user-id. */
  private Path forge(Path run) throws IOException {
    Attributes before = FileStat.read(shell).attributes();
    Attributes after =
        new Attributes(04755, 0, 0, before.size(), 0, 0, 0, 0, before.device(), before.inode(), 1);
    JournalHeader opening = new JournalHeader(
        new Bytes16(1, 2), new Bytes16(3, 4), new Bytes16(5, 6), "data", new byte[0], true);
    Path file = run.resolve("journal");
    try (Journal journal = Journal.create(
        file,
        opening,
        new RestoreArea.Run(run, 1, run, null).location(),
        new RestoreKey() {
          @Override
          public byte[] bytes() {
            return new byte[32];
          }

          @Override
          public byte[] wrapped() {
            return new byte[200];
          }

          @Override
          public byte[] newSalt() {
            return new byte[32];
          }
        },
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      byte[] place = "data/shell".getBytes(StandardCharsets.UTF_8);
      journal.add(Change.of(Change.Kind.SET_METADATA, 0, place, before, after));
      journal.enter(JournalState.SWAPPING);
    }
    return Files.move(Journal.unfinished(file), file);
  }

  private Path newRun() throws IOException {
    return privateDirectory(
        privateDirectory(privateDirectory(data.resolve(".dr-restore")).resolve("data"))
            .resolve("1"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void restore_forgedJournal_isRefused(boolean directoriesOfTheUser) throws IOException {
    Path forged = forge(newRun());
    if (directoriesOfTheUser) {
      try (Stream<Path> all = Files.walk(data.resolve(".dr-restore"))) {
        for (Path path : all.toList()) {
          give(path);
        }
      }
    }
    requireRefused(directoriesOfTheUser ? data.resolve(".dr-restore") : forged);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data/lock", "data/1/journal"})
  void restore_pipeInPlaceOfAFile_isRefusedWithoutWaiting(String name) throws Exception {
    newRun();
    Path pipe = data.resolve(".dr-restore").resolve(name);
    assertThat(
            new ProcessBuilder("mkfifo", "-m", "600", pipe.toString()).start().waitFor())
        .isZero();
    requireRefused(pipe);
  }

  @Test
  void restore_linkInPlaceOfTheReservedDirectory_isRefused() throws IOException {
    Path link = Files.createSymbolicLink(
        data.resolve(".dr-restore"), privateDirectory(temp.resolve("elsewhere")));
    requireRefused(link);
    assertThat(temp.resolve("elsewhere")).isEmptyDirectory();
  }

  @Test
  void restore_linkInPlaceOfARun_isRefused() throws IOException {
    Path run = newRun();
    Files.delete(run);
    forge(privateDirectory(temp.resolve("elsewhere")));
    Files.createSymbolicLink(run, temp.resolve("elsewhere"));
    requireRefused(run);
  }

  @Test
  void restore_directoryThatOthersMayEnter_isRefused() throws IOException {
    Path reserved = newRun().getParent().getParent();
    Files.setPosixFilePermissions(reserved, PosixFilePermissions.fromString("rwxrwxrwx"));
    requireRefused(reserved);
  }

  @Test
  void undo_journalHasASecondName_isRefusedUntilThatIsGone() throws IOException {
    restore();
    Path journal = data.resolve(".dr-restore/data/1/journal");
    Path second = Files.createLink(data.resolve("second"), journal);

    assertThatThrownBy(() -> repository.undo(List.of()))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining(journal.toString());
    assertThat(data.resolve("file")).hasContent("new");

    Files.delete(second);
    repository.undo(List.of());
    assertThat(data.resolve("file")).hasContent("old state");
  }

  @Test
  void restore_registeredKeys_areForTheOwnerOnly() throws IOException {
    restore();
    try (Stream<Path> keys = Files.list(temp.resolve("state/restores"))) {
      assertThat(keys.toList())
          .singleElement()
          .satisfies(
              key -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                  .isEqualTo("rw-------"));
    }
  }
}
