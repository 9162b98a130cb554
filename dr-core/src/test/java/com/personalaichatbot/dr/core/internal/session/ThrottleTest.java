package com.personalaichatbot.dr.core.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThrottleTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND);

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void constructor_lessThanOneByte_isRefused(long bytesPerSecond) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Throttle(bytesPerSecond, now::get))
        .withMessageContaining("at least 1: " + bytesPerSecond);
  }

  @Test
  void claim_moreAndMore_isDueByTheRate() {
    Throttle throttle = new Throttle(1_000_000, now::get);
    assertThat(throttle.claim(100_000)).as("a tenth of a second's worth").isZero();
    assertThat(throttle.claim(500_000)).isEqualTo(SECOND / 2);
    assertThat(throttle.claim(500_000)).isEqualTo(SECOND);
    now.addAndGet(SECOND / 4);
    assertThat(throttle.claim(0)).isEqualTo(3 * SECOND / 4);
  }

  @Test
  void claim_afterALongPause_hasATenthOfASecondAtOnce() {
    Throttle throttle = new Throttle(1_000, now::get);
    throttle.claim(5_000);
    now.addAndGet(100 * SECOND);
    assertThat(throttle.claim(100)).isZero();
    assertThat(throttle.claim(1_000)).isEqualTo(SECOND);
  }

  @Test
  void claim_untilDueEachTime_keepsTheRate() {
    Throttle throttle = new Throttle(3_000_000, now::get);
    long begun = now.get();
    for (int i = 0; i < 1_000; i++) {
      now.addAndGet(throttle.claim(65_536));
    }
    assertThat((now.get() - begun) / 1e9).isBetween(21.74, 21.85);
  }
}
