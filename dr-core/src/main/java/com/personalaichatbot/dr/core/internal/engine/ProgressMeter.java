package com.personalaichatbot.dr.core.internal.engine;

import com.personalaichatbot.dr.core.operation.Progress;
import com.personalaichatbot.dr.core.operation.ProgressListener;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener how far an operation is, ten times a second at most and one call at a time. */
final class ProgressMeter {
  private static final Logger log = LoggerFactory.getLogger(ProgressMeter.class);
  private static final long INTERVAL = 100_000_000;

  private final Progress.Phase phase;
  private final long totalBytes;
  private final ProgressListener listener;
  private final long begun = System.nanoTime();
  private final LongAdder files = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final AtomicLong next = new AtomicLong(begun + INTERVAL);
  private final AtomicBoolean calling = new AtomicBoolean();
  private final AtomicBoolean complained = new AtomicBoolean();

  ProgressMeter(Progress.Phase phase, long totalBytes, ProgressListener listener) {
    this.phase = phase;
    this.totalBytes = totalBytes;
    this.listener = listener;
  }

  void add(long moreFiles, long moreBytes) {
    files.add(moreFiles);
    bytes.add(moreBytes);
    long now = System.nanoTime();
    if (now - next.get() >= 0 && calling.compareAndSet(false, true)) {
      try {
        next.set(now + INTERVAL);
        listener.progress(new Progress(
            phase, files.sum(), bytes.sum(), totalBytes, Duration.ofNanos(now - begun)));
      } catch (RuntimeException e) {
        if (complained.compareAndSet(false, true)) {
          log.warn("The progress listener failed; further failures are not logged", e);
        }
      } finally {
        calling.set(false);
      }
    }
  }
}
