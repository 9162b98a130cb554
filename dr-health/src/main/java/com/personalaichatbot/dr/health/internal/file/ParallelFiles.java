package com.personalaichatbot.dr.health.internal.file;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/** Visits the files of a tree with a few threads of its own. Links are visited, never followed. */
public final class ParallelFiles {

  private static final int QUEUE = 1_024;

  private record Item(Path file, BasicFileAttributes attributes) {}

  private ParallelFiles() {}

  /**
   * Visits everything below a directory that is not itself a directory, and returns when all is
   * done.
   *
   * @param visitor called by several threads; must not throw
   * @param problem called for what cannot be listed, by one thread
   * @throws InterruptedException if this thread is interrupted; the visits have ended by then
   */
  public static void visit(
      Path root,
      int threads,
      BiConsumer<Path, BasicFileAttributes> visitor,
      BiConsumer<Path, IOException> problem)
      throws InterruptedException {
    BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE);
    AtomicBoolean listed = new AtomicBoolean();
    AtomicBoolean stopped = new AtomicBoolean();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread worker =
          new Thread(() -> work(queue, listed, stopped, visitor), "dr-health-files-" + (i + 1));
      worker.setDaemon(true);
      worker.start();
      workers.add(worker);
    }
    try {
      walk(root, queue, problem);
    } catch (InterruptedException interrupted) {
      stopped.set(true);
      throw interrupted;
    } finally {
      listed.set(true);
      for (Thread worker : workers) {
        worker.join();
      }
    }
  }

  private static void work(
      BlockingQueue<Item> queue,
      AtomicBoolean listed,
      AtomicBoolean stopped,
      BiConsumer<Path, BasicFileAttributes> visitor) {
    while (!stopped.get()) {
      boolean last = listed.get();
      try {
        Item item = last ? queue.poll() : queue.poll(20, TimeUnit.MILLISECONDS);
        if (item != null) {
          visitor.accept(item.file, item.attributes);
        } else if (last) {
          return;
        }
      } catch (InterruptedException nobodyDoesThat) {
        return;
      }
    }
  }

  private static void walk(
      Path root, BlockingQueue<Item> queue, BiConsumer<Path, IOException> problem)
      throws InterruptedException {
    boolean[] interrupted = {false};
    try {
      Files.walkFileTree(root, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
          try {
            queue.put(new Item(file, attributes));
            return FileVisitResult.CONTINUE;
          } catch (InterruptedException e) {
            interrupted[0] = true;
            return FileVisitResult.TERMINATE;
          }
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
          problem.accept(file, failure);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException failure) {
          if (failure != null) {
            problem.accept(directory, failure);
          }
          return FileVisitResult.CONTINUE;
        }
      });
    } catch (IOException failure) {
      problem.accept(root, failure);
    }
    if (interrupted[0]) {
      throw new InterruptedException("while listing " + root);
    }
  }
}
