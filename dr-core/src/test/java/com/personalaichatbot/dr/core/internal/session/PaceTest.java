package com.personalaichatbot.dr.core.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PaceTest {
  private static final long FOR_EVER = 1_000_000_000;

  private final Pace unlimited = new Pace(Optional.empty());
  private final Pace slow = new Pace(Optional.of(new Throttle(1, System::nanoTime)));

  @Test
  void take_notLimited_goesOn() {
    assertThatCode(() -> unlimited.take(Long.MAX_VALUE)).doesNotThrowAnyException();
    assertThat(unlimited.isLimited()).isFalse();
  }

  @Test
  void check_stopped_throwsInAllThreads() {
    unlimited.stop();
    assertThatThrownBy(unlimited::check).isInstanceOf(InterruptedIOException.class);
    assertThatThrownBy(() -> unlimited.take(1)).isInstanceOf(InterruptedIOException.class);
  }

  @Test
  void check_interrupted_throwsAndKeepsTheInterrupt() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(unlimited::check).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  @Timeout(10)
  void take_stoppedWhileItWaits_throws() {
    CompletableFuture<Object> taken = CompletableFuture.supplyAsync(() -> {
      try {
        slow.take(FOR_EVER);
        return "went on";
      } catch (InterruptedIOException e) {
        return e;
      }
    });
    slow.stop();
    assertThat(taken.join()).isInstanceOf(InterruptedIOException.class);
  }

  @Test
  @Timeout(10)
  void take_interruptedWhileItWaits_throwsAndKeepsTheInterrupt() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> slow.take(FOR_EVER)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  @Timeout(10)
  void another_ofAStoppedOne_goesOnUnderTheSameLimit() throws InterruptedIOException {
    slow.stop();
    Pace other = slow.newReader();
    other.check();
    assertThat(other.isLimited()).isTrue();
  }
}
