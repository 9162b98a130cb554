package com.personalaichatbot.dr.core.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorkersTest {
  private static final Workers.Task FAILING = () -> {
    throw new IOException("planted");
  };

  @Test
  @Timeout(10)
  void submit_afterFailure_throwsItAndTheRoomIsGivenBack() {
    Workers.Batch batch = new Workers(Runnable::run, 1).newBatch(1);
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> {
            batch.submit(FAILING);
            batch.submit(FAILING);
          })
          .hasMessage("planted");
    }
    batch.abandon();
  }

  @Test
  void submit_afterFailure_dropsTheTasks() {
    List<String> run = new ArrayList<>();
    Deque<Runnable> queued = new ArrayDeque<>();
    Workers.Batch batch = new Workers(queued::add, 1).newBatch(1);
    assertThatThrownBy(() -> {
          batch.submit(FAILING);
          batch.submit(() -> run.add("second"));
          queued.forEach(Runnable::run);
          batch.finish();
        })
        .hasMessage("planted");
    assertThat(run).isEmpty();
  }

  @Test
  void trySubmit_noRoom_saysSoAndRunsNothing() throws IOException {
    List<String> run = new ArrayList<>();
    Deque<Runnable> queued = new ArrayDeque<>();
    Workers.Batch batch = new Workers(queued::add, 1).newBatch(1);
    assertThat(batch.trySubmit(() -> run.add("first"))).isTrue();
    assertThat(batch.trySubmit(() -> run.add("second"))).isTrue();
    assertThat(batch.trySubmit(() -> run.add("third"))).isFalse();
    queued.poll().run();
    assertThat(batch.trySubmit(() -> run.add("fourth"))).isTrue();
    queued.forEach(Runnable::run);
    batch.finish();
    assertThat(run).containsExactly("first", "second", "fourth");
  }

  @Test
  @Timeout(10)
  void submit_noMemoryForAThread_isThrownAndNobodyWaitsForTheTask() throws IOException {
    Workers workers = new Workers(
        task -> {
          throw new OutOfMemoryError("unable to create native thread");
        },
        1);
    Workers.Batch batch = workers.newBatch(1);
    assertThatThrownBy(() -> batch.submit(() -> {})).isInstanceOf(OutOfMemoryError.class);
    batch.finish();
  }

  @Test
  @Timeout(10)
  void spread_nobodyToHelp_isDoneByTheCaller() throws IOException {
    List<Integer> run = new ArrayList<>();
    Deque<Runnable> queued = new ArrayDeque<>();
    Workers.Batch batch = new Workers(queued::add, 1).newBatch(1);

    batch.spread(parts(5, run));

    assertThat(run).containsExactly(0, 1, 2, 3, 4);
    queued.forEach(Runnable::run);
    batch.finish();
    assertThat(run).hasSize(5);
  }

  @Test
  @Timeout(10)
  void spread_withRoom_isDoneByOthersToo_eachPartOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      Workers.Batch batch = new Workers(threads, 3).newBatch(1);
      Set<Thread> helped = ConcurrentHashMap.newKeySet();
      CountDownLatch met = new CountDownLatch(2);
      List<Integer> run = Collections.synchronizedList(new ArrayList<>());
      List<Runnable> parts = new ArrayList<>(parts(200, run));
      for (int i : new int[] {0, 199}) {
        Runnable part = parts.get(i);
        parts.set(i, () -> {
          part.run();
          helped.add(Thread.currentThread());
          met.countDown();
          awaitQuietly(met);
        });
      }

      batch.spread(parts);
      batch.finish();

      assertThat(run).hasSize(200).doesNotHaveDuplicates();
      assertThat(helped).hasSize(2).contains(Thread.currentThread());
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Runnable> parts(int count, List<Integer> run) {
    return IntStream.range(0, count).<Runnable>mapToObj(i -> () -> run.add(i)).toList();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
