package com.personalaichatbot.dr.health.trend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.ManualTime;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.check.SizeCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrendStoreTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir
  Path directory;

  private final ManualTime time = new ManualTime();
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("trends");
  }

  private TrendStore open() throws IOException {
    return TrendStore.open(file, time);
  }

  @Test
  void open_lineOfSomebodyElse_isPassedOver() throws Exception {
    open().record("disk", 3);
    for (String line : List.of("x\t60\t1\t1\td", "9223372036854775807\t60\t1\t1\td")) {
      CRC32 crc = new CRC32();
      crc.update(line.getBytes(StandardCharsets.ISO_8859_1));
      String sum = Long.toHexString(crc.getValue());
      for (String each : List.of(sum, "%08x".formatted(crc.getValue()))) {
        Files.writeString(file, line + "\t" + each + "\n", StandardOpenOption.APPEND);
      }
    }
    assertThat(open().samples("disk")).hasSize(1);
    assertThat(open().samples("d")).isEmpty();
  }

  @Test
  void record_thenReopen_keepsMinimumAndMaximumOfAMinute() throws Exception {
    TrendStore store = open();
    store.record("disk", 3);
    store.record("disk", 1);
    store.record("disk", 2);
    time.pass(MINUTE);
    store.record("disk", 7);
    for (TrendStore each : List.of(store, open())) {
      assertThat(each.samples("disk"))
          .extracting(Sample::length, Sample::minimum, Sample::maximum)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(MINUTE, 1.0, 3.0),
              org.assertj.core.groups.Tuple.tuple(MINUTE, 7.0, 7.0));
    }
    assertThat(store.samples("other")).isEmpty();
  }

  @Test
  void record_old_becomesCoarserAndIsForgottenAfterTwoYears() throws Exception {
    TrendStore store = open();
    for (int i = 0; i < 120; i++) {
      store.record("disk", i);
      time.pass(MINUTE);
    }
    time.pass(DAY);
    assertThat(open().samples("disk"))
        .extracting(Sample::length)
        .containsOnly(HOUR)
        .hasSize(2);
    time.pass(Duration.ofDays(31));
    Sample day = open().samples("disk").get(0);
    assertThat(day).isEqualTo(new Sample(day.start(), DAY, 0, 119));
    assertThat(open().samples("disk")).hasSize(1);
    time.pass(Duration.ofDays(731));
    assertThat(open().samples("disk")).isEmpty();
  }

  @Test
  void record_eightSeriesForTwoYears_staysBelowTwoMegabytes() throws Exception {
    TrendStore store = open();
    long largest = 0;
    for (Duration step : List.of(DAY, HOUR, MINUTE)) {
      int steps = step.equals(DAY) ? 700 : step.equals(HOUR) ? 744 : 1_440;
      for (int i = 0; i < steps; i++) {
        for (int s = 0; s < 8; s++) {
          store.record("a-long-series-name-" + s, -1.23456789e-100 * i);
        }
        time.pass(step);
        largest = Math.max(largest, Files.size(file));
      }
    }
    assertThat(largest).isBetween(1_000_000L, 2_000_000L);
    assertThat(store.samples("a-long-series-name-7").size()).isGreaterThan(2_500);
  }

  @Test
  void open_truncatedAnywhere_keepsTheWholeLines() throws Exception {
    TrendStore store = open();
    for (int i = 0; i < 5; i++) {
      store.record("disk", i);
      time.pass(MINUTE);
    }
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      long lines = new String(whole, 0, length, java.nio.charset.StandardCharsets.US_ASCII)
          .chars()
          .filter(c -> c == '\n')
          .count();
      int samples = open().samples("disk").size();
      // A line that lacks nothing but its end is whole by its checksum.
      assertThat((long) samples).isBetween(Math.max(0, lines - 1), Math.max(0, lines));
    }
  }

  @Test
  void open_damagedLine_dropsThatLineAlone() throws Exception {
    TrendStore store = open();
    for (int i = 0; i < 5; i++) {
      store.record("disk", i);
      time.pass(MINUTE);
    }
    String text = Files.readString(file);
    Files.writeString(file, text.replace("\t2.0\t2.0\t", "\t2.0\t9.0\t"));
    assertThat(open().samples("disk"))
        .extracting(Sample::maximum)
        .containsExactly(0.0, 1.0, 3.0, 4.0);
    Files.writeString(file, "garbage\tin\tthe\tend", StandardOpenOption.APPEND);
    assertThat(open().samples("disk")).hasSize(4);
  }

  @Test
  void open_foreignOrNewerFile_isRefusedAndNotTouched() throws Exception {
    for (String content : List.of("something else", "dr-trend 2\nnew things", "\u0000\u0000")) {
      Files.writeString(file, content);
      assertThatThrownBy(this::open)
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("move it away");
      assertThat(file).hasContent(content);
    }
    Files.delete(file);
    Files.createDirectory(file);
    assertThatThrownBy(this::open).isInstanceOf(FileSystemException.class);
  }

  @Test
  void samples_fromTheFuture_areLeftOut() throws Exception {
    time.jump(Duration.ofDays(100));
    open().record("disk", 99);
    time.jump(Duration.ofDays(-100));
    TrendStore store = open();
    store.record("disk", 1);
    assertThat(store.samples("disk")).extracting(Sample::maximum).containsExactly(1.0);
    assertThat(Files.readString(file)).doesNotContain("99.0");
  }

  @Test
  void record_badNameValueOrNinthSeries_isRefused() throws Exception {
    TrendStore store = open();
    for (String name : List.of("", "a b", "a\tb", "a\n", "x".repeat(21))) {
      assertThatIllegalArgumentException().isThrownBy(() -> store.record(name, 1));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> store.record("a", Double.NaN));
    for (int i = 0; i < 8; i++) {
      store.record("s" + i, i);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> store.record("s8", 1));
    assertThat(open().samples("s7")).hasSize(1);
  }

  @Test
  void trendCheck_growingDisk_warnsInTimeAndTellsTheDays() throws Exception {
    AtomicReference<CheckResult> disk = new AtomicReference<>();
    TrendCheck check = TrendCheck.percent(open(), "disk", disk::get, "usedPercent", time);
    for (int day = 0; day < 12; day++) {
      disk.set(CheckResult.up("ok").with("usedPercent", 40.0 + 2 * day));
      CheckResult result = check.check();
      assertThat(result.code()).isEqualTo(day < 11 ? "OK" : "FULL_SOON");
      if (day == 11) {
        assertThat(result.status()).isEqualTo(Status.DEGRADED);
        assertThat(result.details())
            .containsEntry("outlook", "GROWING")
            .containsEntry("perDay", 2.0)
            .containsEntry("daysTo80", 9.0)
            .containsEntry("daysTo90", 14.0)
            .containsEntry("daysTo100", 19.0)
            .containsKeys("daysTo90Earliest", "daysTo90Latest");
      }
      time.pass(DAY);
    }
  }

  @Test
  void trendCheck_noFigureOrNoDisk_stillGivesTheResult() throws Exception {
    TrendCheck none =
        TrendCheck.percent(open(), "disk", () -> CheckResult.up("x"), "usedPercent", time);
    assertThat(none.check().details()).isEmpty();
    TrendCheck size = TrendCheck.figure(open(), "data", SizeCheck.of(directory), "bytes", time);
    Files.writeString(directory.resolve("a"), "12345");
    assertThat(size.check().details())
        .containsEntry("outlook", "NOT_ENOUGH_DATA")
        .containsKey("files");
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(size.check().details()).containsKey("trendNotSaved");
    assertThat(size.check().status()).isEqualTo(Status.UP);
  }
}
