package com.personalaichatbot.dr.core.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final Opening OPENING = new Opening(
      new Bytes16(1, 2),
      new Bytes16(3, 4),
      new Bytes16(5, 6),
      "chats",
      new byte[] {'t', (byte) 0xff},
      true);
  private static final Attributes BEFORE =
      new Attributes(07777, -1, 5, 123, -7, 999_999_999, 8, 9, Long.MAX_VALUE, 11, 2);

  @TempDir
  Path temp;

  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = temp.resolve("journal");
    try (Journal journal = Journal.create(file, OPENING)) {
      for (int i = 0; i < 100; i++) {
        journal.add(change(i));
      }
      assertThat(journal.get(99).number()).isEqualTo(99);
      journal.enter(JournalState.SWAPPING);
    }
  }

  private static Change change(int i) {
    byte[] place = ("chats/" + i).getBytes(StandardCharsets.UTF_8);
    return Change.putFile(i, place, i % 2 == 0 ? null : BEFORE, BEFORE, new byte[32]);
  }

  @Test
  void open_afterClose_givesEverythingBack() throws Exception {
    try (Journal journal = Journal.open(file)) {
      assertThat(journal.state()).isEqualTo(JournalState.SWAPPING);
      assertThat(journal.size()).isEqualTo(100);
      assertThat(journal.opening()).usingRecursiveComparison().isEqualTo(OPENING);
      for (int i = 99; i >= 0; i--) {
        assertThat(journal.get(i)).usingRecursiveComparison().isEqualTo(change(i));
      }
      journal.enter(JournalState.DONE);
    }
    try (Journal journal = Journal.open(file)) {
      assertThat(journal.state()).isEqualTo(JournalState.DONE);
    }
  }

  @Test
  void open_cutAnywhere_neverSaysMoreThanWasWritten() throws Exception {
    byte[] whole = Files.readAllBytes(file);
    int readable = 0;
    for (int length = 0; length < whole.length; length += 61) {
      Files.write(file, Arrays.copyOf(whole, length));
      try (Journal journal = Journal.open(file)) {
        readable++;
        assertThat(journal.state()).isEqualTo(JournalState.STAGING);
        for (int i = 0; i < journal.size(); i++) {
          assertThat(journal.get(i).place()).isEqualTo(change(i).place());
        }
      } catch (MalformedException e) {
        assertThat(length).as("the opening is torn").isLessThan(80);
      }
    }
    assertThat(readable).isGreaterThan(50);
  }

  @Test
  void open_bitFlipped_endsBeforeTheRecord() throws Exception {
    byte[] whole = Files.readAllBytes(file);
    int half = whole.length / 2;
    whole[half] ^= 4;
    Files.write(file, whole);
    try (Journal journal = Journal.open(file)) {
      assertThat(journal.state()).isEqualTo(JournalState.STAGING);
      assertThat(journal.size()).isBetween(40, 60);
    }
  }

  @Test
  void open_strangersFile_isRefused() throws IOException {
    Files.writeString(file, "this is no journal at all, but something else");
    assertThatThrownBy(() -> Journal.open(file)).isInstanceOf(MalformedException.class);
  }
}
