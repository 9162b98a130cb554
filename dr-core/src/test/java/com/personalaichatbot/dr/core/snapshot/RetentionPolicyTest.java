package com.personalaichatbot.dr.core.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetentionPolicyTest {

  private static final RetentionClock CLOCK =
      RetentionClock.at(Instant.parse("2024-06-01T00:00:00Z"));

  static Stream<BiFunction<RetentionPolicy, Integer, RetentionPolicy>> counts() {
    return Stream.of(
        RetentionPolicy::keepLast,
        RetentionPolicy::keepHourly,
        RetentionPolicy::keepDaily,
        RetentionPolicy::keepWeekly,
        RetentionPolicy::keepMonthly,
        RetentionPolicy::keepYearly);
  }

  static Stream<BiFunction<RetentionPolicy, Duration, RetentionPolicy>> ages() {
    return Stream.of(
        RetentionPolicy::keepWithin, RetentionPolicy::keepAutomated, RetentionPolicy::keepManual);
  }

  @ParameterizedTest
  @MethodSource("counts")
  void keep_negativeNumber_isRefused(BiFunction<RetentionPolicy, Integer, RetentionPolicy> keep) {
    for (int count : new int[] {-1, Integer.MIN_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> keep.apply(RetentionPolicy.none(), count))
          .withMessageContaining("0 (off) or more: " + count);
    }
  }

  @ParameterizedTest
  @MethodSource("counts")
  void keep_zero_turnsTheRuleOff(BiFunction<RetentionPolicy, Integer, RetentionPolicy> keep) {
    RetentionPolicy on = keep.apply(RetentionPolicy.none(), 3);

    assertThat(on).isNotEqualTo(RetentionPolicy.none());
    assertThat(keep.apply(on, 0)).isEqualTo(RetentionPolicy.none());
  }

  @ParameterizedTest
  @MethodSource("counts")
  void keep_greatestNumber_keepsAll(BiFunction<RetentionPolicy, Integer, RetentionPolicy> keep) {
    List<Snapshot> yearly =
        Taken.allAt("2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z", "2023-06-01T00:00:00Z");

    RetentionPolicy policy = keep.apply(RetentionPolicy.none(), Integer.MAX_VALUE);

    assertThat(policy.decide(yearly, CLOCK, Set.of()).removed()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ages")
  void keep_negativeOrOverflowingAge_isRefused(
      BiFunction<RetentionPolicy, Duration, RetentionPolicy> keep) {
    for (Duration age : List.of(
        Duration.ofNanos(-1),
        Duration.ofSeconds(Long.MIN_VALUE),
        Duration.ofDays(365_250).plusNanos(1),
        Duration.ofSeconds(Long.MAX_VALUE, 999_999_999))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> keep.apply(RetentionPolicy.none(), age))
          .withMessageContaining("1,000 years: " + age);
    }
  }

  @ParameterizedTest
  @MethodSource("ages")
  void keep_noAge_turnsTheRuleOff(BiFunction<RetentionPolicy, Duration, RetentionPolicy> keep) {
    RetentionPolicy on = keep.apply(RetentionPolicy.none(), Duration.ofDays(365_250));

    assertThat(on).isNotEqualTo(RetentionPolicy.none());
    assertThat(keep.apply(on, Duration.ZERO)).isEqualTo(RetentionPolicy.none());
  }

  @Test
  void keepTags_blankOrNull_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetentionPolicy.none().keepTags(Set.of("release", " ")))
        .withMessageContaining("blank");
    assertThatNullPointerException().isThrownBy(() -> RetentionPolicy.none().keepTags(null));
  }

  @Test
  void withZone_null_isRefused() {
    assertThatNullPointerException().isThrownBy(() -> RetentionPolicy.none().withZone(null));
  }

  @Test
  void decide_noRule_isRefused_evenOfNothing() {
    for (RetentionPolicy policy : List.of(
        RetentionPolicy.none(),
        RetentionPolicy.none().withZone(ZoneId.of("Europe/Berlin")),
        RetentionPolicy.none().keepLast(2).keepLast(0).keepTags(Set.of()))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> policy.decide(List.of(), CLOCK, Set.of()))
          .withMessageContaining("would keep nothing");
    }
  }

  @Test
  void keep_anyRule_leavesTheOldPolicyAlone() {
    RetentionPolicy policy = RetentionPolicy.recommended();

    policy.keepLast(1).keepDaily(1).keepWithin(Duration.ofDays(1)).keepTags(Set.of("a"));

    assertThat(policy).isEqualTo(RetentionPolicy.recommended());
  }

  @Test
  void equals_sameRulesInAnotherOrder_isTrue() {
    RetentionPolicy one = RetentionPolicy.none().keepDaily(7).keepLast(1).keepTags(Set.of("a"));
    RetentionPolicy other =
        RetentionPolicy.none().keepTags(Set.of("a")).keepLast(1).keepDaily(7);

    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one).isNotEqualTo(other.withZone(ZoneId.of("Asia/Kolkata")));
  }

  @Test
  void toString_everyRule_namesIt() {
    assertThat(RetentionPolicy.none()).hasToString("no rule");
    assertThat(RetentionPolicy.recommended())
        .hasToString("7 daily, 4 weekly, automated 30 days, manual 90 days");
    assertThat(RetentionPolicy.none()
            .keepLast(3)
            .keepHourly(24)
            .keepMonthly(12)
            .keepYearly(5)
            .keepWithin(Duration.ofHours(36))
            .keepManual(Duration.ofSeconds(90))
            .keepTags(Set.of("release", "audit"))
            .withZone(ZoneId.of("Europe/Berlin")))
        .hasToString("last 3, 24 hourly, 12 monthly, 5 yearly, within 36 hours, manual PT1M30S,"
            + " tag audit, tag release, by the calendar of Europe/Berlin");
  }
}
