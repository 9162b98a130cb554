package com.personalaichatbot.dr.core.internal.recovery.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunJournalTest {
  private static final Instant TIME = Instant.parse("2026-11-23T03:45:12Z");

  @TempDir
  Path temp;

  @AutoClose
  private BackupRepository repository;

  private Path file;
  private Path head;

  @BeforeEach
  void open() throws IOException {
    try (RootKey key = TestKeys.root()) {
      repository = BackupRepository.builder(new MemoryStorage())
          .executor(Runnable::run, 1)
          .create(key);
    }
    file = temp.resolve("20261123-034512-7f3a.journal");
    head = temp.resolve("20261123-034512-7f3a.head");
  }

  private static JournalEntry entry(int number) {
    return JournalEntry.intent(TIME, "step-" + number);
  }

  private void write(int lines) throws IOException {
    try (RunJournal journal = RunJournal.create(file, repository)) {
      for (int i = 0; i < lines; i++) {
        journal.append(entry(i));
      }
    }
  }

  private RunJournal.Contents read() throws IOException {
    return RunJournal.read(file, repository);
  }

  private List<String> lines() throws IOException {
    return new ArrayList<>(Files.readAllLines(file, StandardCharsets.US_ASCII));
  }

  private void rewrite(List<String> lines) throws IOException {
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  @Test
  void append_severalLines_areReadInOrder() throws IOException {
    write(5);

    RunJournal.Contents contents = read();

    assertThat(contents.problem()).isEmpty();
    assertThat(contents.entries())
        .extracting(e -> e.text("step"))
        .containsExactly("step-0", "step-1", "step-2", "step-3", "step-4");
  }

  @Test
  void append_anyLine_showsNoName() throws IOException {
    write(1);

    assertThat(Files.readString(file)).doesNotContain("step").doesNotContain("INTENT");
    assertThat(Files.readString(head, StandardCharsets.ISO_8859_1)).doesNotContain("lines");
  }

  @Test
  void append_afterResuming_continuesTheChain() throws IOException {
    write(2);
    try (RunJournal journal = RunJournal.open(file, repository, read())) {
      journal.append(entry(2));
    }

    assertThat(read().problem()).isEmpty();
    assertThat(read().entries()).hasSize(3);
  }

  @Test
  void read_tornLastLine_isCutOffAndWrittenAnew() throws IOException {
    write(2);
    int end = (int) Files.size(file);
    byte[] headOfTwo = Files.readAllBytes(head);
    try (RunJournal journal = RunJournal.open(file, repository, read())) {
      journal.append(entry(2));
    }
    byte[] whole = Files.readAllBytes(file);
    for (int cut = end; cut < whole.length; cut += 9) {
      Files.write(file, Arrays.copyOf(whole, cut));
      Files.write(head, headOfTwo);

      RunJournal.Contents contents = read();

      assertThat(contents.problem()).as("cut at %s", cut).isEmpty();
      assertThat(contents.entries()).hasSize(2);
    }
    try (RunJournal journal = RunJournal.open(file, repository, read())) {
      journal.append(entry(9));
    }
    assertThat(read().problem()).isEmpty();
    assertThat(read().entries())
        .extracting(e -> e.text("step"))
        .containsExactly("step-0", "step-1", "step-9");
  }

  @Test
  void append_afterATornLineThatWasLonger_leavesNothingOfIt() throws IOException {
    write(1);
    int end = (int) Files.size(file);
    try (RunJournal journal = RunJournal.open(file, repository, read())) {
      journal.append(JournalEntry.intent(TIME, "x".repeat(5000)));
    }
    byte[] whole = Files.readAllBytes(file);
    Files.delete(file);
    Files.delete(head);
    write(1);
    assertThat(Files.size(file)).isEqualTo(end);
    Files.write(file, Arrays.copyOfRange(whole, end, whole.length - 1), StandardOpenOption.APPEND);

    try (RunJournal journal = RunJournal.open(file, repository, read())) {
      journal.append(entry(1));
    }

    assertThat(read().problem()).isEmpty();
    assertThat(read().entries()).hasSize(2);
    assertThat(Files.readAllLines(file)).hasSize(2);
  }

  @Test
  void read_editedLine_isFoundWhereverItIs() throws IOException {
    write(4);
    List<String> good = lines();
    for (int line = 0; line < good.size(); line++) {
      for (int at = 0; at < good.get(line).length(); at += 7) {
        List<String> edited = new ArrayList<>(good);
        StringBuilder text = new StringBuilder(good.get(line));
        text.setCharAt(at, text.charAt(at) == 'x' ? 'y' : 'x');
        edited.set(line, text.toString());
        rewrite(edited);

        RunJournal.Contents contents = read();

        assertThat(contents.problem())
            .as("line %s at %s", line, at)
            .hasValueSatisfying(p -> assertThat(p).contains("not as it was written"));
        assertThat(contents.entries()).hasSize(line);
      }
    }
  }

  @Test
  void read_linesSwappedOrTakenOut_isFound() throws IOException {
    write(4);
    List<String> swapped = lines();
    Collections.swap(swapped, 1, 2);
    List<String> without = lines();
    without.remove(1);

    rewrite(swapped);
    assertThat(read().problem()).isPresent();
    rewrite(without);
    assertThat(read().problem()).isPresent();
  }

  /** The chain has no key: who knows how it is made can make it fit again, but for the head. */
  @Test
  void read_linesSwappedAndChainedAnew_isFound() throws Exception {
    write(3);
    List<String> sealed = new ArrayList<>();
    lines().forEach(line -> sealed.add(line.split("\"sealed\":\"|\",\"hash")[1]));
    Collections.swap(sealed, 1, 2);
    List<String> forged = new ArrayList<>();
    String hash = "0".repeat(64);
    for (int i = 0; i < sealed.size(); i++) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(hash.getBytes(StandardCharsets.US_ASCII));
      digest.update(ByteBuffer.allocate(8).putLong(0, i));
      hash = HexFormat.of().formatHex(digest.digest(Base64.getDecoder().decode(sealed.get(i))));
      forged.add(
          "{\"n\":" + i + ",\"sealed\":\"" + sealed.get(i) + "\",\"hash\":\"" + hash + "\"}");
    }
    assertThat(forged.get(0)).isEqualTo(lines().get(0));
    rewrite(forged);

    assertThat(read().entries()).hasSize(3);
    assertThat(read().problem()).contains("line 3 is not as it was written");
  }

  @Test
  void read_tailRemoved_isFound() throws IOException {
    write(4);
    rewrite(lines().subList(0, 2));

    assertThat(read().problem()).hasValue("2 lines at its end are gone");
  }

  @Test
  void read_headRemovedOrForged_isFound() throws IOException {
    write(4);
    byte[] mark = Files.readAllBytes(head);
    Files.delete(head);
    assertThat(read().problem()).isPresent();

    mark[mark.length - 1] ^= 1;
    Files.write(head, mark);
    assertThat(read().problem()).isPresent();
  }

  @Test
  void read_sealedByAnotherRepository_isFound() throws IOException {
    write(2);
    try (RootKey key = TestKeys.root(2);
        BackupRepository other = BackupRepository.builder(new MemoryStorage())
            .executor(Runnable::run, 1)
            .create(key)) {
      assertThat(RunJournal.read(file, other).problem()).isPresent();
    }
  }

  @Test
  void append_forceFails_lineIsNotAcknowledged() throws IOException {
    FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
    Fault unforced = files.fail(FileCall.FORCE).of(name -> name.endsWith(".journal"));
    try (RunJournal journal = RunJournal.create(files.path(file), repository)) {
      assertThatThrownBy(() -> journal.append(entry(0))).isInstanceOf(IOException.class);
    }
    assertThat(unforced.fired()).isTrue();
    assertThat(Files.exists(head)).isFalse();
  }
}
