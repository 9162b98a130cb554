package com.personalaichatbot.dr.health.config;

import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.internal.file.BoundedFile;
import com.personalaichatbot.dr.health.internal.file.BoundedFile.NotRegularException;
import com.personalaichatbot.dr.health.internal.file.BoundedFile.TooLargeException;
import com.personalaichatbot.dr.health.internal.file.Findings;
import com.personalaichatbot.dr.health.internal.file.OwnLocks.InUseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code .env} file, read line by line and never executed: nothing is expanded, no command is
 * run, no line joins the next. At most 1 MiB. What is odd about a line is a finding with its
 * number; what cannot be read at all is a finding too, and then there are no entries. Immutable.
 */
public final class EnvFile {

  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern ASSIGNMENT =
      Pattern.compile("(export\\s+)?([A-Za-z_][A-Za-z0-9_]*)(\\s*)=(.*)", Pattern.DOTALL);

  /**
   * One assignment.
   *
   * @param key its name
   * @param value its value without quotes; keep it out of logs
   * @param line the line, from 1
   */
  public record Entry(String key, String value, int line) {
    /** The name and the line, never the value. */
    @Override
    public String toString() {
      return key + " at line " + line;
    }
  }

  private final Path path;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Findings findings;
  private boolean readable;

  private EnvFile(Path path) {
    this.path = path;
    this.findings = new Findings(path);
  }

  /**
   * Reads a file.
   *
   * @param path the file; a pipe or a device is not opened
   * @return what it says; see {@link #findings()} for what is wrong with it
   */
  public static EnvFile read(Path path) {
    return read(path, () -> BoundedFile.read(path, MAX_BYTES));
  }

  /**
   * Reads the content of a file that lies somewhere else, for instance in a backup.
   *
   * @param path what to call it
   * @param content its bytes; stay the caller's
   * @return what it says, as {@link #read}
   */
  public static EnvFile of(Path path, byte[] content) {
    return read(path, () -> {
      if (content.length > MAX_BYTES) {
        throw new TooLargeException(path, MAX_BYTES);
      }
      return content;
    });
  }

  @FunctionalInterface
  private interface Content {
    byte[] read() throws IOException;
  }

  private static EnvFile read(Path path, Content content) {
    EnvFile file = new EnvFile(path);
    try {
      byte[] bytes = content.read();
      file.readable = true;
      file.scan(bytes);
    } catch (NoSuchFileException missing) {
      file.error("ENV_MISSING", "the file is missing", "restore it from a backup");
    } catch (TooLargeException large) {
      file.error("ENV_TOO_LARGE", "larger than 1 MiB, so not read", "put the right file there");
    } catch (NotRegularException other) {
      file.error("ENV_NOT_A_FILE", "not a regular file, so not opened", "put a file there");
    } catch (InUseException locked) {
      String text = "was not looked at: " + locked.getReason();
      file.findings.add(Severity.WARNING, "IN_USE", path, text, "");
    } catch (CharacterCodingException | IllegalArgumentException binary) {
      file.error("ENV_NOT_TEXT", "not a text in UTF-8", "restore it from a backup");
    } catch (IOException failure) {
      file.error(
          "ENV_UNREADABLE",
          "cannot be read: " + failure.getClass().getSimpleName(),
          "check its mode");
    }
    return file;
  }

  /**
   * The file.
   *
   * @return its path as given
   */
  public Path path() {
    return path;
  }

  /**
   * The assignments in force, in the order of their lines; of two with one name the last.
   *
   * @return an unmodifiable list
   */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /**
   * One assignment.
   *
   * @param key its name
   * @return the last one with that name
   */
  public Optional<Entry> entry(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  /**
   * What is odd about the file.
   *
   * @return findings about form, not about meaning
   */
  public List<Finding> findings() {
    return findings.report().findings();
  }

  boolean isReadable() {
    return readable;
  }

  private void error(String code, String message, String action) {
    findings.add(Severity.ERROR, code, path, message, action);
  }

  private void scan(byte[] bytes) throws CharacterCodingException {
    String text =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a NUL");
    }
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1);
      note(1, Severity.WARNING, "ENV_BOM", "begins with a byte order mark", "save it without");
    }
    if (text.contains("\r\n")) {
      note(1, Severity.WARNING, "ENV_CRLF", "has Windows line ends", "save it with LF");
    }
    if (!text.isEmpty() && !text.endsWith("\n")) {
      int lines = (int) text.lines().count();
      note(lines, Severity.INFO, "ENV_NO_NEWLINE", "the last line has no end", "add one");
    }
    int number = 0;
    for (String line : text.split("\r?\n", -1)) {
      number++;
      String content = line.strip();
      if (!content.isEmpty() && content.charAt(0) != '#') {
        assignment(content, number);
      }
    }
  }

  private void assignment(String content, int line) {
    Matcher matcher = ASSIGNMENT.matcher(content);
    if (!matcher.matches()) {
      note(line, Severity.ERROR, "ENV_LINE", "is not KEY=value", "mend the line");
      return;
    }
    String key = matcher.group(2);
    if (matcher.group(1) != null) {
      note(
          line,
          Severity.INFO,
          "ENV_EXPORT",
          key + " is exported; not every reader allows that",
          "");
    }
    String raw = matcher.group(4);
    if (!matcher.group(3).isEmpty() || (!raw.isEmpty() && Character.isWhitespace(raw.charAt(0)))) {
      note(line, Severity.WARNING, "ENV_BLANK", key + " has a blank beside the =", "remove it");
    }
    Optional<String> value = value(key, raw.strip(), line);
    if (value.isEmpty()) {
      return;
    }
    Entry before = entries.remove(key);
    if (before != null) {
      String message = key + " stands at line " + before.line() + " already; the last one counts";
      note(line, Severity.WARNING, "ENV_DUPLICATE", message, "remove one of them");
    }
    entries.put(key, new Entry(key, value.get(), line));
  }

  private Optional<String> value(String key, String raw, int line) {
    char quote = raw.isEmpty() ? 0 : raw.charAt(0);
    if (quote == '"' || quote == '\'') {
      int end = raw.indexOf(quote, 1);
      String rest = end < 0 ? "" : raw.substring(end + 1).strip();
      if (end < 0 || !(rest.isEmpty() || rest.startsWith("#"))) {
        note(line, Severity.ERROR, "ENV_QUOTE", key + " has a quote that does not end", "mend it");
        return Optional.empty();
      }
      String value = raw.substring(1, end);
      if (quote == '"') {
        warnOfExpansion(key, value, line);
      }
      return Optional.of(value);
    }
    int comment = raw.startsWith("#") ? 0 : Math.max(raw.indexOf(" #"), raw.indexOf("\t#"));
    String value = comment >= 0 ? raw.substring(0, comment).strip() : raw;
    warnOfExpansion(key, value, line);
    return Optional.of(value);
  }

  private void warnOfExpansion(String key, String value, int line) {
    if (value.contains("$(") || value.contains("${") || value.indexOf('`') >= 0) {
      note(
          line,
          Severity.WARNING,
          "ENV_EXPANSION",
          key + " holds what a shell would expand or run",
          "quote it with '…', or replace it");
    }
  }

  private void note(int line, Severity severity, String code, String message, String action) {
    findings.add(severity, code, path, line, message, action);
  }

  @Override
  public String toString() {
    return path + " " + Collections.unmodifiableSet(entries.keySet());
  }
}
