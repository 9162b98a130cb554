package com.personalaichatbot.dr.core.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShrinkageTest {
  private static final DataSize SMALL = new DataSize(9, 18);

  @ParameterizedTest(name = "{0} files and {1} bytes to {2} and {3}: {4}")
  @CsvSource({
    // Emptied, however small it was.
    "9, 18, 0, 0, true",
    "1, 5, 0, 0, true",
    "1, 0, 0, 0, true",
    "1, 500, 1, 0, true",
    "9, 18, 9, 0, true",
    // It was empty before.
    "0, 0, 0, 0, false",
    "3, 0, 3, 0, false",
    // By the number of files.
    "9, 18, 4, 18, true",
    "9, 18, 5, 18, false",
    "10, 100, 5, 50, false",
    "10, 100, 4, 50, true",
    "100, 1000, 49, 500, true",
    "100, 1000, 50, 500, false",
    // Below the floor.
    "7, 70, 3, 30, false",
    "5, 50, 1, 10, false",
    "4, 40, 1, 1, false",
    // By the number of bytes.
    "20, 2000000000, 19, 100000, true",
    "20, 2000000000, 19, 200000000, false",
    "20, 2000000000, 19, 199999999, true",
    "20, 900000, 20, 10, false",
    "1, 5000000, 1, 1, true",
    // It grew.
    "5, 50, 500, 5000, false",
  })
  void isExceededBy_default_goesByFilesAndBytesAboveAFloor(
      long files, long bytes, long filesAfter, long bytesAfter, boolean shrunk) {
    boolean exceeded = Shrinkage.DEFAULT.isExceededBy(
        new DataSize(files, bytes), new DataSize(filesAfter, bytesAfter));
    assertThat(exceeded).isEqualTo(shrunk);
  }

  @Test
  void isExceededBy_ignored_isNever() {
    assertThat(Shrinkage.IGNORED.isExceededBy(SMALL, DataSize.NONE)).isFalse();
    assertThat(Shrinkage.IGNORED.isExceededBy(
            new DataSize(Long.MAX_VALUE, Long.MAX_VALUE), DataSize.NONE))
        .isFalse();
  }

  @Test
  void isExceededBy_ownLimits_goesByThem() {
    Shrinkage strict = Shrinkage.DEFAULT.withFiles(0.1, 1).withBytes(0.1, 1);
    assertThat(strict.isExceededBy(SMALL, new DataSize(8, 18))).isTrue();
    assertThat(strict.isExceededBy(SMALL, new DataSize(9, 16))).isTrue();
    assertThat(strict.isExceededBy(SMALL, new DataSize(9, 17))).isFalse();
    Shrinkage onlyEmpty = Shrinkage.DEFAULT.withFiles(1, 1).withBytes(1, 1);
    assertThat(onlyEmpty.isExceededBy(SMALL, new DataSize(1, 1))).isFalse();
    assertThat(onlyEmpty.isExceededBy(SMALL, DataSize.NONE)).isTrue();
  }

  @Test
  void with_valueOutOfRange_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Shrinkage.DEFAULT.withFiles(1.1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> Shrinkage.DEFAULT.withFiles(-0.1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shrinkage.DEFAULT.withBytes(Double.NaN, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> Shrinkage.DEFAULT.withBytes(0.5, 0));
  }

  @Test
  void of_kinds_logsAreIgnored() {
    for (Kind kind : Kind.values()) {
      Component component = Component.at("c", kind, Path.of("c"));
      assertThat(component.shrinkage())
          .isEqualTo(kind == Kind.LOGS ? Shrinkage.IGNORED : Shrinkage.DEFAULT);
      assertThat(component.withShrinkage(Shrinkage.IGNORED).shrinkage())
          .isEqualTo(Shrinkage.IGNORED);
    }
  }
}
