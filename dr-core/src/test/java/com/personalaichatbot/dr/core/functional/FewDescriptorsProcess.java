package com.personalaichatbot.dr.core.functional;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * An application that has all but a few of its descriptors in use while it is backed up. To be run
 * with a limit that it can reach.
 */
final class FewDescriptorsProcess {
  private static final int LEFT = 30;

  private FewDescriptorsProcess() {}

  /**
   * Prints how the backup was, and then how many descriptors are left.
   *
   * @param args a directory for the data
   */
  public static void main(String[] args) throws IOException {
    Path data = Path.of(args[0]);
    try (RootKey root = TestKeys.root();
        BackupRepository repository = BackupRepository.builder(new MemoryStorage())
            .executor(Runnable::run, 1)
            .host("host")
            .create(root)) {
      // What a class path of directories is loaded from takes descriptors too: it is loaded before.
      for (int seed = 1; seed < 3; seed++) {
        Trees.scatter(data, 400, seed);
        backUp(repository, data);
        repository.verify(VerifyOptions.readAll());
      }
      Trees.scatter(data, 400, 3);
      Deque<Closeable> others = openAll();
      for (int i = 0; i < LEFT; i++) {
        others.pop().close();
      }
      String status = backUp(repository, data);
      int left = others.size();
      others.addAll(openAll());
      left = others.size() - left;
      for (Closeable other : others) {
        other.close();
      }
      System.out.println(status + " " + (left >= LEFT - 2 ? "all left" : left + " left") + " "
          + repository.verify(VerifyOptions.readAll()).damages().size() + " damages");
    }
  }

  private static String backUp(BackupRepository repository, Path data) throws IOException {
    return repository
        .backUp(
            List.of(Component.directory("data", Kind.CUSTOM, data)),
            BackupOptions.of(Purpose.MANUAL))
        .status()
        .toString();
  }

  private static Deque<Closeable> openAll() {
    Deque<Closeable> open = new ArrayDeque<>();
    try {
      while (true) {
        open.push(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      return open;
    }
  }
}
