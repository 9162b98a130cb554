package com.personalaichatbot.dr.core.internal.engine.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Restores in place where a file or a directory of the target is a bind mount. Needs root on Linux.
 */
class MountedTargetTest {
  @TempDir
  Path temp;

  private HandmadeSnapshots made;
  private Path data;
  private Path mounted;

  @BeforeEach
  void open() throws IOException {
    made = new HandmadeSnapshots();
    data = Files.createDirectory(temp.resolve("data"));
  }

  @AfterEach
  void close() throws IOException, InterruptedException {
    made.close();
    if (mounted != null) {
      run("umount", mounted.toString());
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void mount(Path source, Path at) throws IOException, InterruptedException {
    assumeTrue(
        run("mount", "--bind", source.toString(), at.toString()),
        "bind mounts are not permitted here: not tested");
    mounted = at;
  }

  private RestoreReport restore(SnapshotId snapshot) throws IOException {
    return made.restore(
        RestoreRequest.inPlace(Selector.of(snapshot)).withPlace("data", data).withDeleteExtra());
  }

  private RestoreReport undo() throws IOException {
    return new UndoRun(made.session).undo(List.of());
  }

  @Test
  void restore_fileThatIsAMount_isRewrittenInPlace() throws Exception {
    Path source = Files.writeString(temp.resolve("source"), "what was mounted, and longer");
    Path file = Files.createFile(data.resolve("file"));
    mount(source, file);
    SnapshotId snapshot = made.commit(made.directory("data", made.file("file", "restored")));

    RestoreReport report = restore(snapshot);
    assertThat(report.failures()).isEmpty();
    assertThat(report.verified()).isTrue();
    assertThat(report.notes()).anyMatch(n -> n.contains("rewritten in place"));
    assertThat(file).hasContent("restored");
    assertThat(source).hasContent("restored");

    assertThat(undo().failures()).isEmpty();
    assertThat(source).hasContent("what was mounted, and longer");
    assertThat(data.resolve(".dr-restore")).doesNotExist();
  }

  @Test
  void restore_mountedFileWithAnotherName_isListedAndLeft() throws Exception {
    Path source = Files.writeString(temp.resolve("source"), "old");
    Path other = Files.createLink(temp.resolve("other"), source);
    mount(source, Files.createFile(data.resolve("file")));

    RestoreReport report = restore(made.commit(made.directory("data", made.file("file", "new"))));

    assertThat(report.failures())
        .singleElement()
        .matches(failure -> failure.reason().contains("other names"));
    assertThat(source).hasContent("old");
    assertThat(other).hasContent("old");
  }

  @Test
  void undo_mountedFileThatChangedSince_keepsBoth() throws Exception {
    Path source = Files.writeString(temp.resolve("source"), "old");
    Path file = Files.createFile(data.resolve("file"));
    mount(source, file);
    restore(made.commit(made.directory("data", made.file("file", "restored"))));
    Files.writeString(file, "since");
    RestoreReport report = undo();
    assertThat(report.notes()).anyMatch(n -> n.contains("changed since"));
    assertThat(source).hasContent("old");
    assertThat(data.resolve("file.after-restore")).hasContent("since");
  }

  @Test
  void restore_directoryThatIsAMount_copiesAcross() throws Exception {
    Path source = Files.createDirectory(temp.resolve("source"));
    Files.writeString(source.resolve("file"), "old");
    Files.writeString(source.resolve("extra"), "extra");
    Path sub = Files.createDirectory(data.resolve("sub"));
    mount(source, sub);
    SnapshotId snapshot = made.commit(made.directory(
        "data", made.directory("sub", made.file("file", "restored"), made.file("new", "new"))));

    RestoreReport report = restore(snapshot);
    assertThat(report.failures()).isEmpty();
    assertThat(report.notes()).anyMatch(n -> n.contains("another volume"));
    assertThat(source.resolve("file")).hasContent("restored");
    assertThat(source.resolve("new")).hasContent("new");
    assertThat(source.resolve("extra")).doesNotExist();

    assertThat(undo().failures()).isEmpty();
    assertThat(source.resolve("file")).hasContent("old");
    assertThat(source.resolve("extra")).hasContent("extra");
    assertThat(source.toFile().list()).containsExactlyInAnyOrder("file", "extra");
  }
}
