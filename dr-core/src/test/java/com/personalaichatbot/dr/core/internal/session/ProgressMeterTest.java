package com.personalaichatbot.dr.core.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.personalaichatbot.dr.core.operation.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong now = new AtomicLong(17);
  private final List<Progress> heard = new ArrayList<>();
  private final ProgressMeter meter =
      new ProgressMeter(Progress.Phase.VERIFYING, 100_000, heard::add, now::get);

  private void after(long nanos, long bytes) {
    now.addAndGet(nanos);
    meter.add(1, bytes);
  }

  private Progress last() {
    return heard.get(heard.size() - 1);
  }

  @Test
  void add_lessThanATenthOfASecondApart_isToldOnce() {
    after(SECOND / 20, 10);
    after(SECOND / 20, 10);
    after(SECOND / 20, 10);
    assertThat(heard)
        .containsExactly(
            new Progress(Progress.Phase.VERIFYING, 2, 20, 100_000, 200, Duration.ofMillis(100)));
  }

  @Test
  void add_steadily_tellsTheRateAndWhatRemains() {
    for (int i = 0; i < 5; i++) {
      after(SECOND, 10_000);
    }
    assertThat(last().bytesPerSecond()).isEqualTo(10_000);
    assertThat(last().remaining()).contains(Duration.ofSeconds(5));
  }

  @Test
  void add_slowerThanBefore_rateFollowsWithinSeconds() {
    after(SECOND, 10_000);
    for (int i = 0; i < 3; i++) {
      after(SECOND, 1_000);
    }
    double expected = 1_000 + 9_000 * Math.exp(-1);
    assertThat((double) last().bytesPerSecond()).isCloseTo(expected, within(1.0));
    for (int i = 0; i < 20; i++) {
      after(SECOND, 1_000);
    }
    assertThat(last().bytesPerSecond()).isBetween(1_000L, 1_010L);
  }

  @Test
  void add_listenerThrows_isToldTheNextAllTheSame() {
    ProgressMeter failing = new ProgressMeter(
        Progress.Phase.VERIFYING,
        -1,
        progress -> {
          heard.add(progress);
          if (progress.files() == 1) {
            throw new StackOverflowError();
          }
          throw new IllegalStateException();
        },
        now::get);
    for (int i = 0; i < 3; i++) {
      now.addAndGet(SECOND);
      failing.add(1, 1);
    }
    assertThat(heard).extracting(Progress::files).containsExactly(1L, 2L, 3L);
  }

  @Test
  void expect_later_changesWhatRemains() {
    after(SECOND, 10_000);
    meter.expect(30_000);
    after(SECOND, 10_000);
    assertThat(last().totalBytes()).isEqualTo(30_000);
    assertThat(last().remaining()).contains(Duration.ofSeconds(1));
  }

  @Test
  void remaining_totalUnknownOrNothingMoves_isEmpty() {
    assertThat(progress(5, -1, 10).remaining()).isEmpty();
    assertThat(progress(5, 100, 0).remaining()).isEmpty();
  }

  @Test
  void remaining_moreDoneThanExpected_isZero() {
    assertThat(progress(150, 100, 10).remaining()).contains(Duration.ZERO);
  }

  private static Progress progress(long bytes, long total, long rate) {
    return new Progress(Progress.Phase.BACKING_UP, 1, bytes, total, rate, Duration.ZERO);
  }
}
