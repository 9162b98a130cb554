package com.personalaichatbot.dr.core.internal.scan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The opening of a file, to read, in a directory where somebody else may put a pipe in its place in
 * that moment. The opening of a pipe waits until somebody opens its other side, and Java has no way
 * to open without waiting; so it happens in a thread of its own, and is given up after some
 * seconds.
 */
final class TimedOpen {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** Opened after nobody waited any more; to close them could cost the application its locks. */
  private static final Collection<InputStream> LATE = new ConcurrentLinkedQueue<>();

  private TimedOpen() {}

  /**
   * Opens a file, not following a link. An interrupt is kept for later.
   *
   * @throws FileSystemException if it could not be opened in time
   */
  static InputStream open(Path path) throws IOException {
    return open(path, TIMEOUT);
  }

  static InputStream open(Path path, Duration timeout) throws IOException {
    CompletableFuture<InputStream> opened = new CompletableFuture<>();
    Thread thread = new Thread(() -> open(path, opened), "dr-open");
    thread.setDaemon(true);
    thread.start();
    long end = System.nanoTime() + timeout.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return opened.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
    } catch (TimeoutException e) {
      FileSystemException late = new FileSystemException(
          HeldDirectory.name(path),
          null,
          "could not be opened within " + timeout.toSeconds()
              + " s, as if a pipe had taken its place");
      if (!opened.completeExceptionally(late)) {
        return opened.join();
      }
      release(path);
      throw late;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void open(Path path, CompletableFuture<InputStream> opened) {
    try {
      InputStream stream = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS);
      if (!opened.complete(stream)) {
        LATE.add(stream);
      }
    } catch (IOException | RuntimeException | Error e) {
      opened.completeExceptionally(e);
    }
  }

  /** Opens the other side of the pipe, if it still is there, so that the thread ends. */
  private static void release(Path path) {
    try {
      if (FileStat.read(path).kind() == FileStat.Kind.FIFO) {
        HeldFile.channel(path).close();
      }
    } catch (IOException e) {
      // It is gone: the thread waits on, and nobody for it.
      return;
    }
  }
}
