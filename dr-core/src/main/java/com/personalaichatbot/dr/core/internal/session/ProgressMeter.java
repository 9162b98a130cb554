package com.personalaichatbot.dr.core.internal.session;

import com.personalaichatbot.dr.core.operation.Progress;
import com.personalaichatbot.dr.core.operation.ProgressListener;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a listener how far an operation is, ten times a second at most and one call at a time. The
 * rate is a mean over all calls, of which those of the last three seconds weigh two thirds.
 */
public final class ProgressMeter {
  private static final Logger log = LoggerFactory.getLogger(ProgressMeter.class);
  private static final long INTERVAL = 100_000_000;
  private static final double MEMORY = 3e9;

  private final Progress.Phase phase;
  private final ProgressListener listener;
  private final LongSupplier nanoTime;
  private final long begun;
  private final LongAdder files = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final AtomicLong next;
  private final AtomicBoolean calling = new AtomicBoolean();
  private final AtomicBoolean complained = new AtomicBoolean();
  private volatile long totalBytes;

  // Of the last call; by the one caller at a time.
  private long lastTime;
  private long lastBytes;
  private double rate = -1;

  public ProgressMeter(Progress.Phase phase, long totalBytes, ProgressListener listener) {
    this(phase, totalBytes, listener, System::nanoTime);
  }

  public ProgressMeter(
      Progress.Phase phase, long totalBytes, ProgressListener listener, LongSupplier nanoTime) {
    this.phase = phase;
    this.totalBytes = totalBytes;
    this.listener = listener;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
    this.next = new AtomicLong(begun + INTERVAL);
    this.lastTime = begun;
  }

  /** Says how many bytes there will be, as far as can be told. */
  public void expect(long bytesInAll) {
    totalBytes = bytesInAll;
  }

  public void add(long moreFiles, long moreBytes) {
    files.add(moreFiles);
    bytes.add(moreBytes);
    long now = nanoTime.getAsLong();
    if (now - next.get() >= 0 && calling.compareAndSet(false, true)) {
      try {
        next.set(now + INTERVAL);
        tell(now, bytes.sum());
      } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
        if (complained.compareAndSet(false, true)) {
          log.warn("The progress listener threw an exception; further ones are not logged", e);
        }
      } finally {
        calling.set(false);
      }
    }
  }

  private void tell(long now, long done) {
    double since = Math.max(1, now - lastTime);
    double latest = (done - lastBytes) * 1e9 / since;
    rate = rate < 0 ? latest : latest + (rate - latest) * Math.exp(-since / MEMORY);
    lastTime = now;
    lastBytes = done;
    listener.progress(new Progress(
        phase, files.sum(), done, totalBytes, Math.round(rate), Duration.ofNanos(now - begun)));
  }
}
