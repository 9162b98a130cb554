package com.personalaichatbot.dr.health.check;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.LivenessCheck;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.RuntimeMXBean;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The state of this process: deadlocked threads are DOWN. DEGRADED are a heap that is 90 % full
 * after a collection, and more than half of the time in collections. So are 90 % of the file
 * descriptors in use, or of a bounded non-heap memory. A restart is for people to decide then.
 */
public final class JvmCheck implements LivenessCheck {

  private static final double FULL = 90;
  private static final double GC_SHARE = 50;

  /** One look; percentages are negative where they are not known. */
  record Sample(
      long heapUsed,
      long heapMax,
      double heapAfterCollection,
      double nonHeap,
      int threads,
      int deadlocked,
      long collectionMillis,
      long upMillis,
      OptionalLong descriptors,
      double descriptorsPercent) {}

  private final Supplier<Sample> sampler;
  private Sample previous;

  JvmCheck(Supplier<Sample> sampler) {
    this.sampler = sampler;
  }

  /**
   * Checks this JVM.
   *
   * @return the check
   */
  public static JvmCheck create() {
    return new JvmCheck(JvmCheck::sample);
  }

  @Override
  public CheckResult check() {
    Sample now = sampler.get();
    double share = collectionShare(now);
    previous = now;
    CheckResult result = judge(now, share)
        .with("heapUsedBytes", now.heapUsed)
        .with("heapMaxBytes", now.heapMax)
        .with("threads", now.threads)
        .with("collectionPercent", Level.round(share))
        .with("upSeconds", now.upMillis / 1000);
    if (now.heapAfterCollection >= 0) {
      result = result.with("heapAfterCollectionPercent", Level.round(now.heapAfterCollection));
    }
    if (now.nonHeap >= 0) {
      result = result.with("nonHeapPercent", Level.round(now.nonHeap));
    }
    if (now.descriptors.isPresent()) {
      result = result.with("openDescriptors", now.descriptors.getAsLong());
    }
    return result;
  }

  private double collectionShare(Sample now) {
    if (previous == null || now.upMillis <= previous.upMillis) {
      return 0;
    }
    return 100.0
        * (now.collectionMillis - previous.collectionMillis)
        / (now.upMillis - previous.upMillis);
  }

  private static CheckResult judge(Sample now, double share) {
    if (now.deadlocked > 0) {
      return CheckResult.down(
          "DEADLOCK",
          now.deadlocked + " threads wait for each other for ever",
          "take a thread dump, then restart");
    }
    if (now.heapAfterCollection >= FULL) {
      return CheckResult.degraded(
          "HEAP_FULL", "the heap is nearly full after a collection", "find the leak or raise -Xmx");
    }
    if (share >= GC_SHARE) {
      return CheckResult.degraded(
          "GC_BUSY",
          "most of the time goes into garbage collection",
          "find the leak or raise -Xmx");
    }
    if (now.nonHeap >= FULL) {
      return CheckResult.degraded(
          "NON_HEAP_FULL",
          "the memory for classes and code is nearly full",
          "look for class loaders that are never released");
    }
    if (now.descriptorsPercent >= FULL) {
      return CheckResult.degraded(
          "DESCRIPTORS", "nearly all file descriptors are in use", "find what is not closed");
    }
    return CheckResult.up("memory, threads and descriptors suffice");
  }

  private static Sample sample() {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    MemoryUsage nonHeap = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    var threads = ManagementFactory.getThreadMXBean();
    long[] deadlocked = threads.findDeadlockedThreads();
    long collecting = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      collecting += Math.max(0, collector.getCollectionTime());
    }
    OptionalLong descriptors = OptionalLong.empty();
    double descriptorsPercent = -1;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      descriptors = OptionalLong.of(unix.getOpenFileDescriptorCount());
      descriptorsPercent = percent(descriptors.getAsLong(), unix.getMaxFileDescriptorCount());
    }
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    return new Sample(
        heap.getUsed(),
        heap.getMax(),
        afterCollection(heap.getMax()),
        percent(nonHeap.getUsed(), nonHeap.getMax()),
        threads.getThreadCount(),
        deadlocked == null ? 0 : deadlocked.length,
        collecting,
        runtime.getUptime(),
        descriptors,
        descriptorsPercent);
  }

  private static double afterCollection(long max) {
    long used = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage usage = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
      used += usage == null ? 0 : usage.getUsed();
    }
    return percent(used, max);
  }

  private static double percent(long part, long whole) {
    return whole > 0 ? 100.0 * part / whole : -1;
  }
}
