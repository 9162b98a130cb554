package com.personalaichatbot.dr.core.functional;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** Writes live data again and again, in this process or as a process of its own. */
final class LiveDataProcess implements Runnable {
  private final LiveData kind;
  private final Path dir;
  private final LongConsumer written;
  private final AtomicInteger rate;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private volatile Exception failure;

  /**
   * @param written takes the number of each version that was written
   * @param rate versions a second
   */
  LiveDataProcess(LiveData kind, Path dir, LongConsumer written, int rate) {
    this.kind = kind;
    this.dir = dir;
    this.written = written;
    this.rate = new AtomicInteger(rate);
  }

  void setRate(int newRate) {
    rate.set(newRate);
  }

  void stop() {
    stopped.set(true);
  }

  Exception failure() {
    return failure;
  }

  @Override
  public void run() {
    try (LiveData.Writer writer = kind.open(dir)) {
      for (long n = 1; !stopped.get(); n++) {
        writer.write(n);
        written.accept(n);
        LockSupport.parkNanos(1_000_000_000L / rate.get());
      }
    } catch (Exception e) {
      failure = e;
    }
  }

  /**
   * Prints the number of each version that was written; each byte that comes in is a new rate, in
   * fives; ends with the input.
   *
   * @param args the kind and the directory
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    LiveDataProcess process = new LiveDataProcess(
        LiveData.valueOf(args[0]), Path.of(args[1]), n -> System.out.println(n), 100);
    Thread thread = new Thread(process, "writer");
    thread.start();
    for (int fives = System.in.read(); fives >= 0; fives = System.in.read()) {
      process.setRate(fives * 5);
    }
    process.stop();
    thread.join();
    if (process.failure() != null) {
      throw new IOException(process.failure());
    }
  }
}
