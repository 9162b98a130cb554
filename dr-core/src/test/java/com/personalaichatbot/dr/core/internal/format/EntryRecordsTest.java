package com.personalaichatbot.dr.core.internal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The records in the sections of catalog entries, and the rules for what a newer version adds. */
class EntryRecordsTest {
  private static final Bytes16 ID = new Bytes16(1, 2);
  private static final Instant TIME = Instant.parse("2026-11-30T10:00:00.000000001Z");

  private static SnapshotRecord snapshot(ComponentStatus status, int purpose) {
    return new SnapshotRecord(
        purpose,
        status,
        TIME,
        TIME.plusSeconds(5),
        7,
        "host",
        null,
        null,
        null,
        3,
        30,
        List.of("tag"),
        List.of(new SnapshotRecord.ComponentRecord(
            "data", 5, 0, "/srv".getBytes(StandardCharsets.UTF_8), status, 3, 30)),
        Extension.NONE.with(Extension.EXCLUDES, new byte[] {0}));
  }

  private static SnapshotRecord decoded(byte[] a, byte[] b) throws Exception {
    BytesReader in = new BytesReader(a);
    assertThat(EntryKind.of(in.u8())).isEqualTo(EntryKind.SNAPSHOT);
    return SnapshotRecord.decode(in, new BytesReader(b));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void snapshot_ofEachStatus_isReadAsItWasWritten(int code) throws Exception {
    SnapshotRecord record = snapshot(ComponentStatus.values()[code], 5);
    SnapshotRecord read = decoded(record.encodeA(), record.encodeB());
    assertThat(read.status().ordinal()).isEqualTo(code);
    assertThat(read.components().get(0).status().ordinal()).isEqualTo(code);
    assertThat(read.purpose()).isEqualTo(5);
    assertThat(read.encodeA()).isEqualTo(record.encodeA());
    assertThat(read.encodeB()).isEqualTo(record.encodeB());
  }

  @Test
  void snapshot_withStatusOrPurposeOfANewerVersion_isRefusedAsSuch() {
    byte[] a = snapshot(ComponentStatus.COMPLETE, 0).encodeA();
    byte[] b = snapshot(ComponentStatus.COMPLETE, 0).encodeB();
    byte[] status = a.clone();
    status[3] = 3;
    assertThatThrownBy(() -> decoded(status, b)).isInstanceOf(UnknownVersionException.class);
    byte[] purpose = a.clone();
    purpose[2] = 6;
    assertThatThrownBy(() -> decoded(purpose, b)).isInstanceOf(UnknownVersionException.class);
  }

  @Test
  void sections_arePadded_soThatTheirLengthSaysLittle() {
    SnapshotRecord record = snapshot(ComponentStatus.COMPLETE, 0);
    assertThat(record.encodeA().length).isEqualTo(256);
    assertThat(record.encodeB().length % 256).isZero();
    assertThat(new SlotsRecord(EntryKind.KEYS, TIME, List.of(ID), Extension.NONE).encode().length)
        .isEqualTo(256);
    assertThat(mark(MarkRecord.HOLD).encode().length).isEqualTo(256);
    assertThat(prune(null).encode().length).isEqualTo(256);
  }

  @Test
  void recordBlob_isReadAsItWasWritten_andDoesNotNameItself() throws Exception {
    SnapshotRecord record = snapshot(ComponentStatus.SHRUNK, 1);
    SnapshotRecord.Recorded read = SnapshotRecord.decodeBlob(record.encodeBlob(ID));
    assertThat(read.id()).isEqualTo(ID);
    SnapshotRecord unfinished = record.withFinished(record.started());
    assertThat(read.snapshot().encodeA()).isEqualTo(unfinished.encodeA());
    assertThat(read.snapshot().encodeB()).isEqualTo(unfinished.encodeB());
    assertThat(read.snapshot().recordBlob()).isNull();
  }

  private static MarkRecord mark(int change) {
    return new MarkRecord(
        TIME,
        MarkRecord.BY_PERSON,
        0,
        List.of(new MarkRecord.SnapshotMark(ID, change, 0, "KEEP_LAST")),
        List.of(),
        List.of(),
        Extension.NONE);
  }

  private static MarkRecord decoded(MarkRecord record) throws Exception {
    BytesReader in = new BytesReader(record.encode());
    in.u8();
    return MarkRecord.decode(in);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void mark_ofEachChange_isReadAsItWasWritten(int change) throws Exception {
    assertThat(decoded(mark(change))).isEqualTo(mark(change));
  }

  @Test
  void mark_ofANewerVersion_isRefusedAsSuch() {
    assertThatThrownBy(() -> decoded(mark(10))).isInstanceOf(UnknownVersionException.class);
  }

  private static PruneRecord prune(PruneRecord.Removal removal) {
    return new PruneRecord(
        TIME,
        List.of(),
        List.of(new PruneRecord.SnapshotMarks(ID, 1, true, 5, true, removal)),
        List.of(ID),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        0,
        List.of(),
        Extension.NONE);
  }

  @Test
  void prune_withARemoval_isReadAsItWasWritten() throws Exception {
    PruneRecord record = prune(new PruneRecord.Removal(TIME, 9, "KEEP_DAILY"));
    BytesReader in = new BytesReader(record.encode());
    in.u8();
    assertThat(PruneRecord.decode(in).standings()).isEqualTo(record.standings());
  }

  @Test
  void extension_passesOverEvenNumbers_andRefusesOddOnes() throws Exception {
    byte[] even = Extension.NONE.with(1000, new byte[] {7}).encode();
    assertThat(Extension.decode(even).parts()).containsKey(1000);
    byte[] odd = Extension.NONE.with(1001, new byte[] {7}).encode();
    assertThatThrownBy(() -> Extension.decode(odd)).isInstanceOf(UnknownVersionException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 7, 8, 9, 10, 255})
  void kind_ofANewerVersion_isNamedSo(int code) {
    assertThat(EntryKind.of(code)).isEqualTo(EntryKind.NEWER);
  }
}
