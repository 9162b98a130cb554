package com.personalaichatbot.dr.core.internal.recovery.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.store.DurableFile;
import com.personalaichatbot.dr.core.internal.store.StateDirectory;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/*
 * What a journal can promise.
 *
 * A line is {"n":number,"sealed":base64,"hash":hex}. What is sealed is the entry (JournalEntry), under the repository's
 * client key, so no name is in clear and nobody without the key can make a line. The hash is SHA-256 over the hash of
 * the line before, the number and the sealed bytes: it is the line's checksum, and chains the lines in their order.
 *
 * A line is forced to the disk before append returns, and only then the head is replaced, which says how many lines there
 * are and the hash of the last; it is sealed and forced too. So the head is never ahead of the lines:
 *
 *   - a last line that is not whole was torn by a crash. It was never acted on, and is cut off.
 *   - a line that is whole and whose hash or seal does not fit was edited, or is where another one was.
 *   - fewer lines than the head says: the tail was removed. So does a second line without any head.
 *   - more lines than the head says: a crash came between the two. The chain vouches for them.
 *
 * Who takes the directory back to an earlier state as a whole, lines and head together, is not seen: nothing outside of it
 * remembers. A step that was done since is then asked whether it is done already, as after a crash.
 */

/** The journal of one run, open for writing. Used by one thread. */
final class RunJournal implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NO_HASH = "0".repeat(64);
  private static final String SEALED = ",\"sealed\":\"";
  private static final long MOST_BYTES = 1L << 30;

  private final Path file;
  private final BackupRepository seals;
  private final StateDirectory state;
  private final FileChannel channel;
  private long lines;
  private String hash;
  private long end;

  private RunJournal(
      Path file, BackupRepository seals, FileChannel channel, long lines, String hash, long end) {
    this.file = file;
    this.seals = seals;
    this.state = StateDirectory.at(file.toAbsolutePath().getParent());
    this.channel = channel;
    this.lines = lines;
    this.hash = hash;
    this.end = end;
  }

  /**
   * The lines of a journal that could be read.
   *
   * @param entries up to the first line that is not as it was written
   * @param problem what is wrong with the rest; empty if nothing is
   * @param hash of the last of the entries
   * @param end where the next line belongs in the file
   */
  record Contents(List<JournalEntry> entries, Optional<String> problem, String hash, long end) {}

  /** Begins a journal. The directory is there. */
  static RunJournal create(Path file, BackupRepository seals) throws IOException {
    FileChannel channel = FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        DurableFile.permissions(file, DurableFile.OWNER));
    return new RunJournal(file, seals, channel, 0, NO_HASH, 0);
  }

  /** Goes on with a journal; a torn last line is cut off. */
  static RunJournal open(Path file, BackupRepository seals, Contents contents) throws IOException {
    FileChannel channel = DurableFile.open(file);
    return new RunJournal(
        file, seals, channel, contents.entries().size(), contents.hash(), contents.end());
  }

  /** Adds a line; it is durable on return. After a failure the journal is not written any more. */
  void append(JournalEntry entry) throws IOException {
    byte[] sealed = seals.sealState(entry.toBytes());
    String next = hash(hash, lines, sealed);
    byte[] bytes = line(lines, sealed, next);
    try {
      if (channel.size() > end) {
        channel.truncate(end);
      }
      channel.position(end);
      DurableFile.write(channel, bytes);
      channel.force(true);
    } catch (IOException e) {
      throw DurableFile.naming(file, e);
    }
    String head = "{\"lines\":" + (lines + 1) + ",\"hash\":\"" + next + "\"}";
    state.write(headOf(file), seals.sealState(head.getBytes(StandardCharsets.US_ASCII)));
    end += bytes.length;
    lines++;
    hash = next;
  }

  private static String headOf(Path journal) {
    return journal.getFileName().toString().replace(".journal", ".head");
  }

  /** Reads a journal. */
  static Contents read(Path file, BackupRepository seals) throws IOException {
    byte[] bytes = DurableFile.read(file, MOST_BYTES);
    List<JournalEntry> entries = new ArrayList<>();
    List<String> hashes = new ArrayList<>();
    String hash = NO_HASH;
    int from = 0;
    Optional<String> problem = Optional.empty();
    while (problem.isEmpty()) {
      int to = from;
      while (to < bytes.length && bytes[to] != '\n') {
        to++;
      }
      if (to == bytes.length) {
        break; // The end, or a torn line.
      }
      try {
        byte[] sealed = sealed(bytes, from, to);
        String expected = hash(hash, entries.size(), sealed);
        byte[] whole = line(entries.size(), sealed, expected);
        if (Arrays.equals(whole, 0, whole.length, bytes, from, to + 1)) {
          entries.add(JournalEntry.parse(seals.openState(sealed)));
          hashes.add(expected);
          hash = expected;
          from = to + 1;
        } else {
          problem = edited(entries.size());
        }
      } catch (IOException | IllegalArgumentException e) {
        problem = edited(entries.size());
      }
    }
    if (problem.isEmpty()) {
      problem = compare(head(file, seals), hashes);
    }
    return new Contents(entries, problem, hash, from);
  }

  private static byte[] line(long number, byte[] sealed, String hash) {
    String line = "{\"n\":" + number + SEALED + Base64.getEncoder().encodeToString(sealed)
        + "\",\"hash\":\"" + hash + "\"}\n";
    return line.getBytes(StandardCharsets.US_ASCII);
  }

  /** The sealed bytes of a line. Whatever else is in it is compared with what has to. */
  private static byte[] sealed(byte[] bytes, int from, int to) {
    String line = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    int begin = line.indexOf(SEALED) + SEALED.length();
    int end = line.indexOf('"', begin);
    if (begin < SEALED.length() || end < 0) {
      throw new IllegalArgumentException("no line of a journal");
    }
    return Base64.getDecoder().decode(line.substring(begin, end));
  }

  private static Optional<String> edited(int line) {
    return Optional.of("line " + (line + 1) + " is not as it was written");
  }

  private record Head(long lines, String hash) {}

  private static Optional<Head> head(Path file, BackupRepository seals) throws IOException {
    Optional<byte[]> sealed =
        StateDirectory.at(file.toAbsolutePath().getParent()).read(headOf(file));
    if (sealed.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonNode head = JSON.readTree(seals.openState(sealed.get()));
      return Optional.of(new Head(head.path("lines").asLong(), head.path("hash").asText()));
    } catch (CorruptRepositoryException e) {
      return Optional.of(new Head(Long.MAX_VALUE, ""));
    }
  }

  private static Optional<String> compare(Optional<Head> head, List<String> hashes) {
    if (head.isEmpty()) {
      return hashes.size() < 2
          ? Optional.empty()
          : Optional.of("what says how many lines there are is gone");
    }
    long lines = head.get().lines;
    if (lines == Long.MAX_VALUE) {
      return Optional.of("what says how many lines there are is not as it was written");
    }
    if (lines > hashes.size()) {
      return Optional.of((lines - hashes.size()) + " lines at its end are gone");
    }
    return lines > 0 && !hashes.get((int) lines - 1).equals(head.get().hash)
        ? edited((int) lines - 1)
        : Optional.empty();
  }

  private static String hash(String before, long number, byte[] sealed) {
    MessageDigest digest = Sha256.newDigest();
    digest.update(before.getBytes(StandardCharsets.US_ASCII));
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    return HexFormat.of().formatHex(digest.digest(sealed));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
