package com.personalaichatbot.dr.core.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final JournalHeader OPENING = new JournalHeader(
      new Bytes16(1, 2),
      new Bytes16(3, 4),
      new Bytes16(5, 6),
      "chats",
      new byte[] {'t', (byte) 0xff},
      true);
  private static final Attributes BEFORE =
      new Attributes(07777, -1, 5, 123, -7, 999_999_999, 8, 9, Long.MAX_VALUE, 11, 2);

  private static final RunPlace PLACE = new RunPlace(new byte[] {'/', 'a'}, 5, 6);

  @TempDir
  Path temp;

  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = temp.resolve("journal");
    try (Journal journal = create()) {
      for (int i = 0; i < 100; i++) {
        journal.add(change(i));
      }
      assertThat(journal.get(99).number()).isEqualTo(99);
      journal.enter(JournalState.SWAPPING);
    }
  }

  private Journal create() throws IOException {
    Journal journal = Journal.create(file, OPENING, PLACE, new Key());
    Files.move(Journal.unfinished(file), file);
    return journal;
  }

  private Journal open() throws IOException, MalformedException {
    return open("chats", (repository, restore, wrapped) -> {
      assertThat(repository).isEqualTo(OPENING.repository());
      assertThat(restore).isEqualTo(OPENING.restore());
      assertThat(wrapped).isEqualTo(new Key().wrapped());
      return new Key().bytes();
    });
  }

  private Journal open(String component, Journal.Keys keys) throws IOException, MalformedException {
    return Journal.open(
        file,
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE),
        component,
        keys);
  }

  private static final class Key implements RestoreKey {
    @Override
    public byte[] bytes() {
      byte[] key = new byte[32];
      key[0] = 7;
      return key;
    }

    @Override
    public byte[] wrapped() {
      return new byte[] {1, 2, 3};
    }

    @Override
    public byte[] newSalt() {
      return new byte[32];
    }
  }

  private static Change change(int i) {
    byte[] place = ("chats/" + i).getBytes(StandardCharsets.UTF_8);
    return Change.putFile(i, place, i % 2 == 0 ? null : BEFORE, BEFORE, new byte[32]);
  }

  @Test
  void open_afterClose_givesEverythingBack() throws Exception {
    try (Journal journal = open()) {
      assertThat(journal.state()).isEqualTo(JournalState.SWAPPING);
      assertThat(journal.size()).isEqualTo(100);
      assertThat(journal.opening()).usingRecursiveComparison().isEqualTo(OPENING);
      for (int i = 99; i >= 0; i--) {
        assertThat(journal.get(i)).usingRecursiveComparison().isEqualTo(change(i));
      }
      journal.enter(JournalState.DONE);
    }
    try (Journal journal = open()) {
      assertThat(journal.state()).isEqualTo(JournalState.DONE);
    }
  }

  @Test
  void open_cutAnywhere_neverSaysMoreThanWasWritten() throws Exception {
    byte[] whole = Files.readAllBytes(file);
    int readable = 0;
    for (int length = 0; length < whole.length; length += 61) {
      Files.write(file, Arrays.copyOf(whole, length));
      try (Journal journal = open()) {
        readable++;
        assertThat(journal.state()).isEqualTo(JournalState.STAGING);
        for (int i = 0; i < journal.size(); i++) {
          assertThat(journal.get(i).place()).isEqualTo(change(i).place());
        }
      } catch (MalformedException e) {
        assertThat(length).as("the opening is torn").isLessThan(250);
      }
    }
    assertThat(readable).isGreaterThan(50);
  }

  @Test
  void enter_afterATornEnd_goesOnBehindTheLastWholeRecord() throws Exception {
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 5));
    try (Journal journal = open()) {
      assertThat(journal.state()).isEqualTo(JournalState.STAGING);
      assertThat(journal.size()).isEqualTo(100);
      journal.unite(List.of(new byte[] {'/'}));
      journal.enter(JournalState.PREPARED);
    }
    try (Journal journal = open()) {
      assertThat(journal.state()).isEqualTo(JournalState.PREPARED);
      assertThat(journal.set()).containsExactly(new byte[] {'/'});
    }
  }

  @Test
  void open_anyByteFlipped_isRefusedOrLosesTheEndOnly() throws Exception {
    byte[] whole = Files.readAllBytes(file);
    int refused = 0;
    int tried = 0;
    for (int at = 0; at < whole.length; at += at < 300 ? 1 : 61, tried++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 4;
      Files.write(file, flipped);
      try (Journal journal = open("chats", (repository, restore, wrapped) -> new Key().bytes())) {
        assertThat(journal.state()).as("byte %d", at).isEqualTo(JournalState.STAGING);
        for (int i = 0; i < journal.size(); i++) {
          assertThat(journal.get(i).place()).isEqualTo(change(i).place());
        }
      } catch (MalformedException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(tried / 2);
  }

  @Test
  void open_otherKeyOrComponent_isRefused() {
    assertThatThrownBy(() -> open("chats", (repository, restore, wrapped) -> new byte[32]))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> open("other", (repository, restore, wrapped) -> new Key().bytes()))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void move_isReadBack() throws Exception {
    RunPlace other = new RunPlace(new byte[] {'/', 'b'}, 8, 9);
    try (Journal journal = open()) {
      assertThat(journal.place().isSame(PLACE)).isTrue();
      journal.move(other);
    }
    try (Journal journal = open()) {
      assertThat(journal.place().isSame(other)).isTrue();
      assertThat(journal.state()).isEqualTo(JournalState.SWAPPING);
    }
  }

  @Test
  void journal_showsNoName() throws Exception {
    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
        .doesNotContain("chats");
  }

  @Test
  void open_strangersFile_isRefused() throws IOException {
    Files.writeString(file, "this is no journal at all, but something else");
    assertThatThrownBy(this::open).isInstanceOf(MalformedException.class);
  }
}
