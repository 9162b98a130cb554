package com.personalaichatbot.dr.core.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
}
