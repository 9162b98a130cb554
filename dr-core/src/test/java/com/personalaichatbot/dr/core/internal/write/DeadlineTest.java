package com.personalaichatbot.dr.core.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private final AtomicLong now = new AtomicLong(-7);
  private final Deadline deadline = Deadline.in(Duration.ofNanos(1000), now::get);

  @Test
  void hasPassed_fromItsTimeOn() {
    now.addAndGet(999);
    assertThat(deadline.hasPassed()).isFalse();
    now.addAndGet(1);
    assertThat(deadline.hasPassed()).isTrue();
  }

  @Test
  void reserve_isTakenOffTheTimeToRead() {
    deadline.reserve(300);
    now.addAndGet(699);
    assertThat(deadline.hasPassed()).isFalse();
    now.addAndGet(1);
    assertThat(deadline.hasPassed()).isTrue();
  }

  @Test
  void reserve_ofMoreThanThereIs_leavesATenth() {
    deadline.reserve(Long.MAX_VALUE);
    now.addAndGet(99);
    assertThat(deadline.hasPassed()).isFalse();
    now.addAndGet(1);
    assertThat(deadline.hasPassed()).isTrue();
  }

  @Test
  void sinceNoticed_countsFromTheFirstTimeThatReadingWasStopped() {
    now.addAndGet(1200);
    assertThat(deadline.sinceNoticed()).isZero();
    assertThat(deadline.hasPassed()).isTrue();
    now.addAndGet(50);
    assertThat(deadline.hasPassed()).isTrue();
    now.addAndGet(50);
    assertThat(deadline.sinceNoticed()).isEqualTo(100);
  }

  @Test
  void never_neverPasses() {
    Deadline never = Deadline.in(Optional.empty());
    never.reserve(Long.MAX_VALUE);
    assertThat(never.isSet()).isFalse();
    assertThat(never.hasPassed()).isFalse();
    assertThat(never.sinceNoticed()).isZero();
  }
}
