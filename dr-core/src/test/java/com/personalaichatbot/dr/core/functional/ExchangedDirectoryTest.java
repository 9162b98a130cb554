package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Restores by root into directories of another user, who exchanges them meanwhile. Needs root on
 * Linux.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ExchangedDirectoryTest {
  private static final int OWNER = 54_321;
  private static final int SWAPS = 200;

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  @AutoClose
  private BackupRepository repository;

  private Path data;
  private Path outside;

  @BeforeEach
  void write() throws IOException {
    assumeTrue(
        Files.isDirectory(Path.of("/proc/self/fdinfo"))
            && Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
        "only root on Linux restores into the directories of others: not tested");
    repository =
        BackupRepository.builder(new MemoryStorage()).executor(Runnable::run, 1).create(root);
    data = Files.createDirectories(temp.resolve("user/data"));
    outside = Files.createDirectory(temp.resolve("outside"));
    Files.createDirectories(outside.resolve("deep"));
    Files.createDirectories(data.resolve("sub/deep"));
    for (int i = 0; i < 20; i++) {
      Files.writeString(data.resolve("sub/" + i), "first " + i);
      Files.writeString(data.resolve("sub/deep/" + i), "first deep " + i);
    }
    own(temp.resolve("user"));
  }

  private static void own(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.toList()) {
        Files.setAttribute(path, "unix:uid", OWNER, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  private SnapshotId backUp() throws IOException {
    return repository
        .backUp(
            List.of(Component.directory("data", Kind.CUSTOM, data)),
            BackupOptions.of(Purpose.MANUAL))
        .snapshot()
        .orElseThrow()
        .id();
  }

  private RestoreReport restore(SnapshotId snapshot) throws IOException {
    return repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.of(snapshot)).withDeleteExtra()),
        List.of());
  }

  /** What is outside, by name, mode, owner and time. */
  private List<String> outside() throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(outside)) {
      for (Path path : paths.sorted().toList()) {
        all.add(path + " "
            + Files.readAttributes(
                path, "unix:mode,uid,lastModifiedTime", LinkOption.NOFOLLOW_LINKS));
      }
    }
    return all;
  }

  /** Exchanges a directory for a link to the outside and back, as its owner may. */
  private int swapWhile(Path directory, AtomicBoolean goesOn) {
    Path away = directory.resolveSibling("away");
    int swaps = 0;
    // The restores may be quicker than the swaps, or refused immediately.
    while (goesOn.get() || swaps < SWAPS && Files.isDirectory(directory)) {
      try {
        Files.move(directory, away);
        Files.createSymbolicLink(directory, outside);
        Thread.yield();
        Files.delete(directory);
        Files.move(away, directory);
        swaps++;
      } catch (IOException e) {
        try {
          if (Files.isSymbolicLink(directory)) {
            Files.delete(directory);
          }
          if (Files.isDirectory(away) && !Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(away, directory);
          }
        } catch (IOException again) {
          Thread.yield(); // The restore is quicker.
        }
      }
    }
    return swaps;
  }

  private void restoreWhileSwapping(Path swapped) throws Exception {
    SnapshotId first = backUp();
    for (int i = 0; i < 20; i++) {
      Files.writeString(data.resolve("sub/" + i), "second " + i);
      Files.writeString(data.resolve("sub/deep/" + i), "second deep " + i);
      Files.writeString(data.resolve("sub/extra" + i), "extra " + i);
    }
    SnapshotId second = backUp();
    List<String> before = outside();
    AtomicBoolean goesOn = new AtomicBoolean(true);
    AtomicInteger swaps = new AtomicInteger();
    Thread owner = new Thread(() -> swaps.set(swapWhile(swapped, goesOn)), "hostile owner");
    int done = 0;
    owner.start();
    try {
      for (int i = 0; i < 30; i++) {
        try {
          restore(i % 2 == 0 ? first : second);
          done++;
        } catch (IOException e) {
          // Refused, for what it found or did not find: nothing was changed outside either.
        }
      }
    } finally {
      goesOn.set(false);
      owner.join();
    }
    assertThat(outside()).isEqualTo(before);
    assertThat(swaps.get()).as("swaps").isGreaterThanOrEqualTo(SWAPS);
    // An owner who exchanges the stage all the time has every restore refused.
    assertThat(done > 0 || swapped.endsWith(".dr-restore")).as("restores").isTrue();
    assertThat(swapped).matches(path -> !Files.isSymbolicLink(path));
    assertThat(restore(first).failures()).isEmpty();
    assertThat(data.resolve("sub/deep/7")).hasContent("first deep 7");
    assertThat(data.resolve("sub/extra7")).doesNotExist();
    assertThat(Files.getAttribute(data.resolve("sub/7"), "unix:uid")).isEqualTo(OWNER);
    assertThat(outside()).isEqualTo(before);
  }

  @Test
  void restore_whileTheOwnerSwapsADirectoryForALink_writesNothingOutside() throws Exception {
    restoreWhileSwapping(data.resolve("sub"));
  }

  @Test
  void restore_whileTheOwnerSwapsADirectoryBelow_writesNothingOutside() throws Exception {
    restoreWhileSwapping(data.resolve("sub/deep"));
  }

  @Test
  void restore_whileTheOwnerSwapsTheStage_writesNothingOutside() throws Exception {
    Files.createDirectories(outside.resolve("data"));
    restoreWhileSwapping(data.resolve(".dr-restore"));
  }

  @Test
  void restore_whereTheOwnerPutALinkInsteadOfTheComponent_isRefused() throws Exception {
    SnapshotId snapshot = backUp();
    Files.move(data, temp.resolve("user/away"));
    Files.createSymbolicLink(data, outside);
    Files.setAttribute(data, "unix:uid", OWNER, LinkOption.NOFOLLOW_LINKS);
    List<String> before = outside();
    assertThatThrownBy(() -> restore(snapshot))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining("another user");
    assertThat(outside()).isEqualTo(before);
  }

  @Test
  void undo_intoTheDirectoryOfAnotherUser_putsBackWhatWasThere() throws Exception {
    SnapshotId first = backUp();
    Files.writeString(data.resolve("sub/3"), "changed");
    Files.writeString(data.resolve("sub/extra"), "extra");
    assertThat(restore(first).failures()).isEmpty();
    assertThat(data.resolve("sub/3")).hasContent("first 3");
    assertThat(repository.undo(List.of()).failures()).isEmpty();
    assertThat(data.resolve("sub/3")).hasContent("changed");
    assertThat(data.resolve("sub/extra")).hasContent("extra");
    assertThat(data.resolve(".dr-restore")).doesNotExist();
  }
}
