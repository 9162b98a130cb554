package com.personalaichatbot.dr.health.trend;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * Figures over time in one file of less than 2 MB: minutes for a day, hours for a month, days for
 * two years; at most eight series. For one process at a time; within it thread-safe.
 *
 * <p>The file is text, one sample a line, each with a checksum. A sample is appended, so a crash
 * costs the last ones at most; a line that does not fit its checksum, such as a torn end, is
 * dropped. When enough has been appended the file is rewritten beside the old one, made durable and
 * put in its place in one step. A file of another kind or of a newer version is refused and not
 * touched.
 */
public final class TrendStore {

  private static final String MAGIC = "dr-trend ";
  private static final String HEADER = MAGIC + "1\n";
  private static final int MAX_SERIES = 8;
  private static final long MAX_FILE = 1_900_000;
  private static final long MAX_READ = 16_000_000;
  private static final long SLACK = 100_000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,20}");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration MONTH = Duration.ofDays(31);
  private static final Duration TWO_YEARS = Duration.ofDays(731);

  private final Path file;
  private final Clock clock;
  private final Map<String, TreeMap<Instant, Sample>> series = new LinkedHashMap<>();
  private long written;
  private long compacted;

  private TrendStore(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * Opens a file, or makes it.
   *
   * @param file the file; its directory must exist
   * @param clock what time a sample is of
   * @return the store
   * @throws FileSystemException if the file is something else or of a newer version; it is not
   *     touched
   * @throws IOException if it cannot be read or written
   */
  public static TrendStore open(Path file, Clock clock) throws IOException {
    TrendStore store = new TrendStore(file, requireNonNull(clock, "clock"));
    if (!Files.notExists(file)) {
      store.load();
    }
    store.compact();
    return store;
  }

  /**
   * Takes a value in as of now. When it cannot be written it is still known until the program ends.
   *
   * @param name the series: 1 to 20 letters, digits and {@code . _ : -}
   * @param value the value; what is not finite is refused
   * @throws IllegalArgumentException if the name is malformed or of a ninth series, or the value is
   *     not finite
   * @throws IOException if it cannot be written
   */
  public synchronized void record(String name, double value) throws IOException {
    if (!NAME.matcher(name).matches() || !Double.isFinite(value)) {
      throw new IllegalArgumentException("not a series and a value: " + name + ", " + value);
    }
    if (!series.containsKey(name) && series.size() >= MAX_SERIES) {
      throw new IllegalArgumentException("there are eight series already: " + series.keySet());
    }
    double rounded = new BigDecimal(value).round(new MathContext(9)).doubleValue();
    Sample sample = new Sample(clock.instant(), MINUTE, rounded, rounded).in(MINUTE);
    add(name, sample);
    if (written > MAX_FILE || written > 2 * compacted + SLACK) {
      compact();
    } else {
      append(line(name, sample));
    }
  }

  /**
   * What is known of a series, up to now; what a clock that was wrong has put into the future is
   * left out.
   *
   * @param name the series
   * @return its samples, oldest first; empty if there is no such series
   */
  public synchronized List<Sample> samples(String name) {
    TreeMap<Instant, Sample> samples = series.get(name);
    return samples == null
        ? List.of()
        : List.copyOf(samples.headMap(clock.instant(), true).values());
  }

  private void load() throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    if (!now.isRegularFile() || now.size() > MAX_READ) {
      throw foreign();
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    if (HEADER.startsWith(text)) {
      return;
    }
    if (!text.startsWith(HEADER)) {
      if (text.matches("(?s)dr-trend [0-9]{1,9}\n.*")) {
        throw new FileSystemException(
            file.toString(), null, "was written by a newer version: use that, or move it away");
      }
      throw foreign();
    }
    text.lines().skip(1).forEach(this::parse);
  }

  private FileSystemException foreign() {
    return new FileSystemException(file.toString(), null, "is not a trend file: move it away");
  }

  private void parse(String line) {
    String[] parts = line.split("\t", -1);
    if (parts.length != 6
        || !parts[5].equals(checksum(line.substring(0, line.lastIndexOf('\t'))))) {
      return;
    }
    if (series.containsKey(parts[4]) || series.size() < MAX_SERIES) {
      try {
        Duration length = Duration.ofSeconds(Long.parseLong(parts[1]));
        Instant start = Instant.ofEpochSecond(Long.parseLong(parts[0]));
        double minimum = Double.parseDouble(parts[2]);
        double maximum = Double.parseDouble(parts[3]);
        add(parts[4], new Sample(start, length, minimum, maximum));
      } catch (NumberFormatException | DateTimeException foreign) {
        // No line that this code wrote; its checksum proves nothing about who did.
      }
    }
  }

  private void add(String name, Sample sample) {
    series
        .computeIfAbsent(name, n -> new TreeMap<>())
        .merge(
            sample.start(),
            sample,
            (a, b) -> a.length().compareTo(b.length()) >= 0 ? a.and(b) : b.and(a));
  }

  private static String line(String name, Sample sample) {
    String text = String.join(
        "\t",
        Long.toString(sample.start().getEpochSecond()),
        Long.toString(sample.length().toSeconds()),
        Double.toString(sample.minimum()),
        Double.toString(sample.maximum()),
        name);
    return text + "\t" + checksum(text) + "\n";
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
    return Long.toHexString(crc.getValue());
  }

  private void append(String line) throws IOException {
    byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
    Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    written += bytes.length;
  }

  /** Makes old samples coarser and rewrites everything. */
  private void compact() throws IOException {
    fold(clock.instant());
    StringBuilder text = new StringBuilder(HEADER);
    series.forEach(
        (name, samples) -> samples.values().forEach(sample -> text.append(line(name, sample))));
    byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
    Path next = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(next);
    try (FileChannel channel =
        FileChannel.open(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    written = bytes.length;
    compacted = bytes.length;
  }

  private void fold(Instant now) {
    series.replaceAll((name, samples) -> {
      TreeMap<Instant, Sample> folded = new TreeMap<>();
      for (Sample sample : new ArrayList<>(samples.values())) {
        Duration age = Duration.between(sample.start(), now);
        Duration length = age.compareTo(MONTH) > 0 ? DAY : age.compareTo(DAY) > 0 ? HOUR : MINUTE;
        boolean keep = age.compareTo(TWO_YEARS) <= 0 && age.compareTo(DAY.negated()) >= 0;
        if (keep) {
          Sample wide = length.compareTo(sample.length()) > 0 ? sample.in(length) : sample;
          folded.merge(
              wide.start(),
              wide,
              (a, b) -> a.length().compareTo(b.length()) >= 0 ? a.and(b) : b.and(a));
        }
      }
      return folded;
    });
  }
}
