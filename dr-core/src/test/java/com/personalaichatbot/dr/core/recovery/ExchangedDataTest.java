package com.personalaichatbot.dr.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.recovery.scenario.DamagedFiles;
import com.personalaichatbot.dr.core.internal.recovery.scenario.Secrets;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.health.security.HardeningPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that a recovery by root removes, renames and writes in the data directory of another user,
 * who exchanges a directory for a link meanwhile. Needs root on Linux.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ExchangedDataTest {
  private static final int OWNER = 54_321;
  private static final int ROUNDS = 300;
  private static final int FILES = 30;

  @TempDir
  private Path temp;

  private Path data;
  private Path sub;
  private Path outside;

  @FunctionalInterface
  private interface Step {
    void run(int round) throws Exception;
  }

  @BeforeEach
  void make() throws IOException {
    assumeTrue(
        Files.isDirectory(Path.of("/proc/self/fdinfo"))
            && Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
        "only root on Linux works in the directories of others: not tested");
    data = Files.createDirectories(temp.resolve("user/data"));
    sub = Files.createDirectory(data.resolve("sub"));
    outside = fill(Files.createDirectory(temp.resolve("outside")));
    for (Path path : List.of(data.getParent(), data, sub)) {
      Files.setAttribute(path, "unix:uid", OWNER);
    }
  }

  private static Path fill(Path directory) throws IOException {
    for (int i = 0; i < FILES; i++) {
      Files.writeString(directory.resolve("f" + i), "content " + i);
    }
    return directory;
  }

  /** The names in it, and who may do what with each of them and with the directory. */
  private static List<String> listing(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> all = Files.list(directory)) {
      for (Path path : Stream.concat(all, Stream.of(directory)).sorted().toList()) {
        names.add(path.getFileName() + " " + Files.getAttribute(path, "unix:mode"));
      }
    }
    return names;
  }

  /** Exchanges the directory all the time; what the steps find in it does not matter. */
  private void whileSwapped(Step step) throws Exception {
    List<String> before = listing(outside);
    AtomicBoolean goesOn = new AtomicBoolean(true);
    AtomicInteger swaps = new AtomicInteger();
    Thread owner = new Thread(
        () -> {
          for (int i = 0; goesOn.get(); i++) {
            Path away = temp.resolve("user/away" + i); // One that could not come back stays.
            try {
              if (Files.notExists(sub.resolve("f0"))) {
                fill(sub);
                fill(Files.createDirectories(sub.resolve("deep")));
              }
              Files.move(sub, away);
              Files.createSymbolicLink(sub, outside);
              Thread.onSpinWait();
              Files.delete(sub);
              Files.move(away, sub);
              swaps.incrementAndGet();
            } catch (IOException e) {
              try {
                if (Files.isSymbolicLink(sub)) {
                  Files.delete(sub);
                }
                Files.createDirectories(sub);
                Files.setAttribute(sub, "unix:uid", OWNER, LinkOption.NOFOLLOW_LINKS);
              } catch (IOException again) {
                Thread.yield();
              }
            }
          }
        },
        "hostile owner");
    owner.setDaemon(true);
    owner.start();
    try {
      // On a busy machine the owner comes to his turn late.
      for (int i = 0; i < ROUNDS || (swaps.get() <= ROUNDS / 10 && i < 100 * ROUNDS); i++) {
        if (i > ROUNDS) {
          LockSupport.parkNanos(1_000_000);
        }
        try {
          step.run(i);
        } catch (IOException e) {
          continue; // Refused, for what it found.
        }
      }
    } finally {
      goesOn.set(false);
      owner.join();
    }
    assertThat(listing(outside)).isEqualTo(before);
    assertThat(swaps.get()).as("swaps").isGreaterThan(ROUNDS / 10);
  }

  @Test
  void delete_whileADirectoryIsExchanged_removesNothingOutside() throws Exception {
    whileSwapped(round -> TargetDirectories.deleteTree(sub));
  }

  @Test
  void delete_tree_removesLinksAndNotWhatTheyLeadTo() throws Exception {
    fill(Files.createDirectories(sub.resolve("a/b")));
    Files.createSymbolicLink(sub.resolve("a/link"), outside);
    TargetDirectories.deleteTree(data);
    assertThat(data).doesNotExist();
    assertThat(listing(outside)).hasSize(FILES + 1);
  }

  @Test
  void reset_whileADirectoryIsExchanged_removesNothingOutside() throws Exception {
    whileSwapped(round -> {
      try (TargetDirectories way = new TargetDirectories(data)) {
        for (Path entry : Directories.list(way.access(data))) {
          way.removeTree(data.resolve(entry.getFileName()));
        }
      }
    });
  }

  @Test
  void harden_whileADirectoryIsExchanged_changesNoModeOutside() throws Exception {
    for (Path file : List.of(outside.resolve("f1"), outside)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    whileSwapped(round -> HardeningPlan.of(data).execute());
  }

  @Test
  void setAside_whileADirectoryIsExchanged_renamesNothingOutside() throws Exception {
    whileSwapped(
        round -> DamagedFiles.setAside(data, sub.resolve("f" + round % FILES), ".damaged"));
  }

  @Test
  void putSecrets_whileADirectoryIsExchanged_writesNothingOutside() throws Exception {
    whileSwapped(round -> Secrets.put(sub.resolve(".env"), new byte[] {'A', '=', 'b', '\n'}));
  }

  @Test
  void export_whileADirectoryIsExchanged_writesNothingOutside() throws Exception {
    Path source = fill(Files.createDirectory(temp.resolve("source")));
    try (RootKey root = TestKeys.root();
        BackupRepository repository = BackupRepository.builder(new MemoryStorage())
            .executor(Runnable::run, 1)
            .create(root)) {
      repository.backUp(
          List.of(Component.directory("data", Kind.CUSTOM, source)),
          BackupOptions.of(Purpose.MANUAL));
      whileSwapped(round ->
          repository.exportTo(Selector.LATEST, List.of(), sub.resolve("x" + round + ".tar.gz")));
    }
  }
}
