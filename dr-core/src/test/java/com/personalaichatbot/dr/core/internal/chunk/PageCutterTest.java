package com.personalaichatbot.dr.core.internal.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageCutterTest {
  private static final int REGION = 256 << 10;

  /** The beginning of a database as SQLite 3.40 writes it, with the page size given. */
  private static byte[] header(int pageSizeField) {
    byte[] bytes = new byte[4096];
    byte[] magic = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(magic, 0, bytes, 0, magic.length);
    bytes[16] = (byte) (pageSizeField >> 8);
    bytes[17] = (byte) pageSizeField;
    bytes[18] = 2;
    bytes[19] = 2;
    bytes[21] = 64;
    bytes[22] = 32;
    bytes[23] = 32;
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({"512,512", "1024,1024", "4096,4096", "8192,4096", "32768,4096", "1,4096"})
  void of_database_comparesItsPagesOrLess(int pageSizeField, int compared) {
    PageCutter cutter = PageCutter.of(header(pageSizeField), 4096, REGION).orElseThrow();
    assertThat(cutter.page()).isEqualTo(compared);
    assertThat(cutter.region()).isEqualTo(REGION);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 256, 511, 513, 4095, 65535})
  void of_pageSizeThatCannotBe_isNoPagedFile(int pageSizeField) {
    assertThat(PageCutter.of(header(pageSizeField), 4096, REGION)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 18, 19, 21, 22, 23})
  void of_headerWithAnotherByte_isNoPagedFile(int at) {
    byte[] bytes = header(4096);
    bytes[at] = 77;
    assertThat(PageCutter.of(bytes, bytes.length, REGION)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 99})
  void of_headerThatEndsEarly_isNoPagedFile(int length) {
    assertThat(PageCutter.of(header(4096), length, REGION)).isEmpty();
  }

  @Test
  void next_regions_haveOneSizeAndZerosAreHoles() {
    PageCutter cutter = PageCutter.of(header(4096), 4096, REGION).orElseThrow();
    byte[] bytes = new byte[3 * REGION + 70_000];
    bytes[REGION - 1] = 1;
    bytes[3 * REGION - 1] = 1;
    assertThat(cutter.next(bytes, 0, bytes.length, false)).isEqualTo(REGION);
    assertThat(cutter.next(bytes, REGION, 2 * REGION, false)).isEqualTo(-REGION);
    assertThat(cutter.next(bytes, 2 * REGION, REGION, false)).isEqualTo(REGION);
    assertThat(cutter.next(bytes, 3 * REGION, 70_000, true)).isEqualTo(-70_000);
    assertThat(cutter.next(bytes, 3 * REGION, Chunker.HOLE - 1, true)).isEqualTo(Chunker.HOLE - 1);
    Arrays.fill(bytes, 3 * REGION, bytes.length, (byte) 1);
    assertThat(cutter.next(bytes, 3 * REGION, 70_000, true)).isEqualTo(70_000);
  }

  @Test
  void next_lessThanARegionBeforeTheEnd_isRefused() {
    PageCutter cutter = PageCutter.of(header(4096), 4096, REGION).orElseThrow();
    assertThatThrownBy(() -> cutter.next(new byte[REGION], 0, REGION - 1, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
