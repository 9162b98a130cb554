package com.personalaichatbot.dr.core.functional;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.LiveFile;
import com.personalaichatbot.dr.core.component.Quiesce;
import com.personalaichatbot.dr.core.component.Source;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.RestoreCounts;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** An application that lends its files to backups restores itself while it runs. */
@EnabledOnOs(OS.LINUX)
class RestoreOfLiveFilesTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  @TempDir
  private Path temp;

  private Path data;
  private Path log;
  private FileChannel channel;

  @AutoClose
  private BackupRepository repository;

  @BeforeEach
  void prepare() throws IOException {
    data = Files.createDirectory(temp.resolve("data"));
    log = data.resolve("chat.log");
    Files.writeString(data.resolve("other"), "other");
    channel = FileChannel.open(
        log, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    write("as it was backed up");
    try (RootKey root = TestKeys.root()) {
      repository = BackupRepository.builder(new MemoryStorage()).create(root);
    }
  }

  @AfterEach
  void close() throws IOException {
    channel.close();
  }

  private void write(String text) throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)), 0);
  }

  private Component component(LiveFile live) {
    return Component.of("chats", Kind.CONVERSATIONS, Source.at(data).withLiveFile(log, live))
        .withQuiesce(new Quiesce() {
          @Override
          public void quiesce() throws IOException {
            channel.close();
          }

          @Override
          public void resume() {}
        });
  }

  private String content(SnapshotId snapshot, String path) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    repository.read(snapshot, path, content);
    return content.toString(UTF_8);
  }

  @Test
  void restore_hookClosesTheLentChannel_safetySnapshotHoldsTheFile() throws IOException {
    Component chats = component(LiveFile.of(channel));
    BackupReport backup = repository.backUp(List.of(chats), MANUAL);
    assertThat(backup.status()).isEqualTo(BackupStatus.COMPLETE);
    write("what came since");

    RestoreReport report = repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)),
        List.of(component(LiveFile.of(channel))));

    assertThat(report.failures()).isEmpty();
    assertThat(report.files().replace()).isEqualTo(1);
    assertThat(log).hasContent("as it was backed up");
    assertThat(report.notes()).noneMatch(note -> note.contains("safety snapshot"));
    SnapshotId safety = report.safety().orElseThrow();
    assertThat(content(safety, "chats/chat.log")).isEqualTo("what came since");
    assertThat(content(safety, "chats/other")).isEqualTo("other");

    repository.undo(List.of());
    assertThat(log).hasContent("what came since");
  }

  /** Not a channel: what tells that it is closed is what the handle throws. */
  @Test
  void restore_hookClosesWhatAnotherHandleReads_safetySnapshotHoldsTheFile() throws IOException {
    LiveFile handle = new LiveFile() {
      @Override
      public long size() throws IOException {
        return channel.size();
      }

      @Override
      public int read(ByteBuffer buffer, long position) throws IOException {
        return channel.read(buffer, position);
      }
    };
    Component chats = component(handle);
    repository.backUp(List.of(chats), MANUAL);
    write("what came since");

    RestoreReport report = repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)), List.of(chats));

    assertThat(report.notes()).noneMatch(note -> note.contains("safety snapshot"));
    assertThat(content(report.safety().orElseThrow(), "chats/chat.log"))
        .isEqualTo("what came since");
  }

  @Test
  void backUp_lentChannelIsClosedAndTheFileOpenOtherwise_isListed() throws IOException {
    FileChannel closed = FileChannel.open(log, StandardOpenOption.READ);
    closed.close();

    BackupReport report = repository.backUp(List.of(component(LiveFile.of(closed))), MANUAL);

    assertThat(report.failures())
        .singleElement()
        .satisfies(f -> assertThat(f.path()).isEqualTo("chats/chat.log"))
        .satisfies(f -> assertThat(f.reason()).startsWith("is open in this process"));
  }

  @Test
  void restore_safetySnapshotLacksFiles_isSaidWithTheirNames() throws IOException {
    repository.backUp(List.of(component(LiveFile.of(channel))), MANUAL);
    Files.writeString(data.resolve("other"), "other, changed");
    Path extra = Files.writeString(data.resolve("open elsewhere"), "extra");

    RestoreReport report;
    try (FileChannel open = FileChannel.open(extra, StandardOpenOption.READ)) {
      assertThat(open.isOpen()).isTrue();
      report = repository.restore(
          repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)),
          List.of(component(LiveFile.of(channel))));
    }

    SnapshotId safety = report.safety().orElseThrow();
    assertThat(report.notes())
        .singleElement()
        .asString()
        .startsWith("the safety snapshot " + safety + " is INCOMPLETE: ")
        .contains("chats/open elsewhere (is open in this process")
        .contains("The undo");
    assertThat(repository.snapshots())
        .filteredOn(s -> s.id().equals(safety))
        .singleElement()
        .matches(s -> s.status() == BackupStatus.INCOMPLETE);
  }

  @Test
  void restore_nothingCanBeReadForTheSafetySnapshot_isSaidWithTheNames() throws IOException {
    Path env = Files.writeString(temp.resolve("env"), "KEY=old");
    Component one = Component.file("env", Kind.SECRETS, env);
    repository.backUp(List.of(one), MANUAL);
    Files.writeString(env, "KEY=new");
    LiveFile broken = new LiveFile() {
      @Override
      public long size() throws IOException {
        throw new IOException("the handle is broken");
      }

      @Override
      public int read(ByteBuffer buffer, long position) throws IOException {
        throw new IOException("the handle is broken");
      }
    };

    RestoreReport report = repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)),
        List.of(Component.of("env", Kind.SECRETS, Source.file(env).withLiveFile(env, broken))));

    assertThat(report.notes())
        .anySatisfy(note -> assertThat(note)
            .contains("safety snapshot")
            .contains("env (")
            .contains("the handle is broken"));
    assertThat(report.notes()).noneMatch(note -> note.contains("nothing to take"));
    repository.undo(List.of());
    assertThat(env).hasContent("KEY=new");
  }

  @Test
  void planRestore_inPlaceOfAnOpenFile_countsItAndSaysThatItMustBeClosed() throws IOException {
    repository.backUp(List.of(component(LiveFile.of(channel))), MANUAL);
    write("what came since");

    RestorePlan plan = repository.planRestore(RestoreRequest.inPlace(Selector.LATEST));

    assertThat(plan.failures()).isEmpty();
    assertThat(plan.files()).isEqualTo(new RestoreCounts(0, 1, 1, 0, 0));
    assertThat(plan.bytesToWrite()).isEqualTo("as it was backed up".length());
    assertThat(plan.notes())
        .singleElement()
        .asString()
        .contains("chats/chat.log")
        .contains("Component.withQuiesce");
  }

  @Test
  void restore_openFileThatNobodyCloses_isStillAFailure() throws IOException {
    Component chats = Component.of(
        "chats", Kind.CONVERSATIONS, Source.at(data).withLiveFile(log, LiveFile.of(channel)));
    repository.backUp(List.of(chats), MANUAL);
    write("what came since");
    Files.writeString(data.resolve("other"), "changed");

    RestoreReport report = repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)), List.of(chats));

    assertThat(report.failures()).extracting(PathProblem::path).containsExactly("chats/chat.log");
    assertThat(log).hasContent("what came since");
  }

  /** Nobody brings the application to rest for a restore to a directory. */
  @Test
  void planRestore_toADirectoryWithAnOpenFile_isAFailure() throws IOException {
    repository.backUp(List.of(component(LiveFile.of(channel))), MANUAL);
    Path target = Files.createDirectories(temp.resolve("target/chats"));
    Path there = Files.writeString(target.resolve("chat.log"), "there");

    try (FileChannel open = FileChannel.open(there, StandardOpenOption.READ)) {
      assertThat(open.isOpen()).isTrue();
      RestorePlan plan = repository.planRestore(
          RestoreRequest.to(Selector.LATEST, temp.resolve("target")).withOverwrite());
      assertThat(plan.failures()).extracting(PathProblem::path).containsExactly("chats/chat.log");
    }
  }
}
