package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.scan.FileStat;
import com.personalaichatbot.dr.core.internal.scan.HeldFile;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Restores by root into a directory of another user, who puts pipes and links in the places of
 * files meanwhile. Needs root on Linux.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExchangedFileForPipeTest {
  private static final int OWNER = 54_321;
  private static final int FILES = 40;
  private static final int ROUNDS = 25;

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  @AutoClose
  private BackupRepository repository;

  private Path data;
  private Path outside;
  private Path mounted;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(
        Files.isDirectory(Path.of("/proc/self/fdinfo"))
            && Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
        "only root on Linux restores into the directories of others: not tested");
    repository =
        BackupRepository.builder(new MemoryStorage()).executor(Runnable::run, 1).create(root);
    data = Files.createDirectories(temp.resolve("user/data"));
    outside = Files.writeString(temp.resolve("outside"), "outside");
    Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rw-------"));
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted != null) {
      run("umount", mounted.toString());
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }

  private void fill(Path directory) throws IOException {
    for (int i = 0; i < FILES; i++) {
      Files.writeString(directory.resolve("f" + i), "content " + i);
    }
    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : all.toList()) {
        Files.setAttribute(path, "unix:uid", OWNER, LinkOption.NOFOLLOW_LINKS);
      }
    }
    repository.backUp(
        List.of(Component.directory("data", Kind.CUSTOM, data)), BackupOptions.of(Purpose.MANUAL));
  }

  /** Puts a pipe, then a link to the outside in the place of each file, and the file back. */
  private void swapWhile(Path directory, AtomicBoolean goesOn, AtomicInteger swaps)
      throws IOException, InterruptedException {
    Path pipe = directory.resolve(".pipe");
    Path link = directory.resolve(".link");
    Path away = directory.resolve(".away");
    for (int i = 0; goesOn.get(); i = (i + 1) % FILES) {
      Path file = directory.resolve("f" + i);
      try {
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, outside);
        if (!Files.exists(pipe)) {
          run("mkfifo", pipe.toString());
        }
        Files.deleteIfExists(away);
        Files.createLink(away, file);
        Files.move(pipe, file, StandardCopyOption.ATOMIC_MOVE);
        Thread.onSpinWait();
        Files.move(link, file, StandardCopyOption.ATOMIC_MOVE);
        Thread.onSpinWait();
        Files.move(away, file, StandardCopyOption.ATOMIC_MOVE);
        swaps.incrementAndGet();
      } catch (IOException e) {
        Thread.yield(); // The restore is quicker.
      }
    }
  }

  private void restoreWhileSwapping(Path directory) throws Exception {
    fill(directory);
    Object before = Files.readAttributes(outside, "unix:mode,uid,lastModifiedTime");
    AtomicBoolean goesOn = new AtomicBoolean(true);
    AtomicInteger swaps = new AtomicInteger();
    Thread owner = new Thread(
        () -> {
          try {
            swapWhile(directory, goesOn, swaps);
          } catch (IOException | InterruptedException e) {
            swaps.set(-1);
          }
        },
        "hostile owner");
    owner.setDaemon(true);
    owner.start();
    try {
      // On a busy machine the owner comes to his turn late.
      for (int i = 0; i < ROUNDS || (swaps.get() <= ROUNDS && i < 20 * ROUNDS); i++) {
        for (int f = 0; f < FILES; f += 2) {
          Path file = directory.resolve("f" + f);
          // JDK 25 follows a link where it sets a mode, also if it is told not to.
          try (HeldFile held = HeldFile.open(file, FileStat.read(file))) {
            Files.setAttribute(held.path(), "unix:mode", 0640 + i % 2);
          } catch (IOException e) {
            continue; // Exchanged just now.
          }
        }
        try {
          repository.restore(
              repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)), List.of());
        } catch (IOException e) {
          continue; // Refused, for what it found.
        }
      }
    } finally {
      goesOn.set(false);
      owner.join();
    }
    assertThat(swaps.get()).as("swaps").isGreaterThan(ROUNDS);
    assertThat(Files.readAttributes(outside, "unix:mode,uid,lastModifiedTime")).isEqualTo(before);
    assertThat(outside).hasContent("outside");
    assertThat(repository
            .restore(repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)), List.of())
            .failures())
        .isEmpty();
    assertThat(directory.resolve("f7")).hasContent("content 7");
  }

  @Test
  void restore_whileTheOwnerSwapsFilesForPipesAndLinks_neitherWaitsNorFollows() throws Exception {
    restoreWhileSwapping(data);
  }

  @Test
  void restore_onAnotherVolumeBelow_neitherWaitsNorFollows() throws Exception {
    Path sub = Files.createDirectory(data.resolve("sub"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "none", sub.toString()),
        "file systems may not be mounted here: not tested");
    mounted = sub;
    restoreWhileSwapping(sub);
  }

  @Test
  void restore_ofLinkedFilesInTheDirectoryOfAnother_isVerified() throws IOException {
    Files.createLink(data.resolve("second"), Files.writeString(data.resolve("first"), "linked"));
    Files.createLink(data.resolve("third"), data.resolve("first"));
    fill(data);
    for (String name : List.of("first", "second", "third")) {
      Files.delete(data.resolve(name));
    }
    var report = repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)), List.of());
    assertThat(report.failures()).isEmpty();
    assertThat(report.verified()).isTrue();
    assertThat(data.resolve("third")).hasContent("linked");
  }
}
