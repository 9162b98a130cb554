package com.personalaichatbot.dr.health.config;

import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.internal.file.BoundedFile;
import com.personalaichatbot.dr.health.internal.file.BoundedFile.NotRegularException;
import com.personalaichatbot.dr.health.internal.file.BoundedFile.TooLargeException;
import com.personalaichatbot.dr.health.internal.file.Findings;
import com.personalaichatbot.dr.health.internal.file.OwnLocks.InUseException;
import com.personalaichatbot.dr.health.internal.file.UnicodeText;
import java.io.IOException;
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
 * A {@code .env} file, read and never executed: nothing is expanded, no command is run. At most 1
 * MiB. What is odd about a line is a finding with its number; what cannot be read at all is a
 * finding too, and then there are no entries. Immutable.
 *
 * <p>A value is what the common libraries make of it (motdotla/dotenv, python-dotenv, dotenv-java),
 * and where they differ, what python-dotenv makes of it, with a finding. A quoted value may have
 * several lines. In double quotes {@code \n}, {@code \r}, {@code \t}, {@code \"} and the like are
 * the characters that they stand for, in single quotes {@code \'} and {@code \\}. Names are
 * letters, digits, {@code _}, {@code .} and {@code -}. Lines end with LF, CRLF or a lone CR.
 */
public final class EnvFile {

  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern ASSIGNMENT =
      Pattern.compile("(export\\h+)?([A-Za-z0-9_.-]+)(\\h*)=(\\h*)");
  private static final Pattern SHELL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final String ESCAPED = "\\'\"abfnrtv";
  private static final String UNESCAPED = "\\'\"\u0007\b\f\n\r\t\u000b";

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
    } catch (UnicodeText.NotUtf8Exception other) {
      file.error("ENV_NOT_TEXT", other.getMessage(), other.action());
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

  private void scan(byte[] bytes) throws UnicodeText.NotUtf8Exception {
    UnicodeText decoded = UnicodeText.decode(bytes);
    String text = decoded.text();
    if (decoded.hasMark()) {
      note(1, Severity.WARNING, "ENV_BOM", "begins with a byte order mark", "save it without");
    }
    if (text.contains("\r\n")) {
      note(1, Severity.WARNING, "ENV_CRLF", "has Windows line ends", "save it with LF");
    }
    noteLoneReturn(text);
    if (!text.isEmpty() && !text.endsWith("\n") && !text.endsWith("\r")) {
      int lines = (int) text.lines().count();
      note(lines, Severity.INFO, "ENV_NO_NEWLINE", "the last line has no end", "add one");
    }
    new Lines(text).read();
  }

  private void noteLoneReturn(String text) {
    int line = 1;
    for (int i = 0; i < text.length(); i++) {
      boolean lone = text.charAt(i) == '\r' && !text.startsWith("\n", i + 1);
      if (lone) {
        note(
            line,
            Severity.WARNING,
            "ENV_CR",
            "ends with a carriage return alone, which not every reader takes for a line end",
            "save it with LF");
        return;
      }
      line += text.charAt(i) == '\n' ? 1 : 0;
    }
  }

  /** One pass over the text. */
  private final class Lines {
    private final String text;
    private int at;
    private int line = 1;

    Lines(String text) {
      this.text = text;
    }

    void read() {
      while (at < text.length()) {
        int end = lineEnd(at);
        while (at < end && Character.isWhitespace(text.charAt(at))) {
          at++;
        }
        if (at < end && text.charAt(at) != '#') {
          end = assignment(end);
        }
        moveTo(end);
        moveTo(Math.min(text.length(), text.startsWith("\r\n", at) ? at + 2 : at + 1));
      }
    }

    private int lineEnd(int from) {
      int end = from;
      while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
        end++;
      }
      return end;
    }

    private void moveTo(int end) {
      for (; at < end; at++) {
        char c = text.charAt(at);
        line += c == '\n' || (c == '\r' && !text.startsWith("\n", at + 1)) ? 1 : 0;
      }
    }

    /**
     * Reads an assignment, of which the first line ends there; returns where its last line ends.
     */
    private int assignment(int end) {
      Matcher matcher = ASSIGNMENT.matcher(text).region(at, end);
      if (!matcher.lookingAt()) {
        note(line, Severity.ERROR, "ENV_LINE", "is not KEY=value", "correct the line");
        return end;
      }
      String key = matcher.group(2);
      noteForm(key, matcher, end);
      int from = matcher.end();
      char quote = from < end ? text.charAt(from) : 0;
      if (quote != '"' && quote != '\'') {
        put(key, unquoted(key, text.substring(from, end), !matcher.group(4).isEmpty()));
        return end;
      }
      int close = close(quote, from + 1, end);
      if (close < 0) {
        String message = key + " has a quote that does not end";
        note(line, Severity.ERROR, "ENV_QUOTE", message, "close the quote");
        return end;
      }
      put(key, quoted(key, quote, text.substring(from + 1, close)));
      return lineEnd(close);
    }

    private void noteForm(String key, Matcher matcher, int end) {
      if (matcher.group(1) != null) {
        String message = key + " is exported; not every reader allows that";
        note(line, Severity.INFO, "ENV_EXPORT", message, "");
      }
      if (!SHELL_NAME.matcher(key).matches()) {
        String message = key + " is a name that no shell can set";
        note(line, Severity.WARNING, "ENV_NAME", message, "use letters, digits and _");
      }
      if (!matcher.group(3).isEmpty() || (!matcher.group(4).isEmpty() && matcher.end() < end)) {
        note(line, Severity.WARNING, "ENV_BLANK", key + " has a blank beside the =", "remove it");
      }
    }

    /**
     * Returns where a quoted value ends, on whatever line; -1 if nowhere. A backslash hides the
     * quote behind it, unless the value would not end then.
     */
    private int close(char quote, int from, int end) {
      int close = from;
      while (close < text.length() && text.charAt(close) != quote) {
        close += text.charAt(close) == '\\' ? 2 : 1;
      }
      if (isEnd(close)) {
        return close;
      }
      int plain = text.indexOf(quote, from);
      return plain >= 0 && plain < end && isEnd(plain) ? plain : -1;
    }

    /** Whether nothing but a comment follows on the line. */
    private boolean isEnd(int close) {
      if (close >= text.length()) {
        return false;
      }
      String rest = text.substring(close + 1, lineEnd(close)).strip();
      return rest.isEmpty() || rest.startsWith("#");
    }

    private String quoted(String key, char quote, String raw) {
      StringBuilder value = new StringBuilder();
      for (int i = 0; i < raw.length(); i++) {
        char c = raw.charAt(i);
        int escape = c == '\\' && i + 1 < raw.length() ? ESCAPED.indexOf(raw.charAt(i + 1)) : -1;
        if (escape >= 0 && (quote == '"' || escape < 2)) {
          value.append(UNESCAPED.charAt(escape));
          i++;
        } else {
          value.append(c);
        }
      }
      if (raw.indexOf('\\') >= 0) {
        String message = key + " holds a backslash in quotes; not every reader takes it so";
        note(line, Severity.INFO, "ENV_ESCAPE", message, "");
      }
      if (quote == '"') {
        warnOfExpansion(key, raw, line);
      }
      return value.toString();
    }

    private String unquoted(String key, String raw, boolean afterBlank) {
      int comment = raw.startsWith("#") && afterBlank ? 0 : -1;
      for (int i = 1; comment < 0 && i < raw.length(); i++) {
        if (raw.charAt(i) == '#' && Character.isWhitespace(raw.charAt(i - 1))) {
          comment = i;
        }
      }
      String value = (comment < 0 ? raw : raw.substring(0, comment)).strip();
      if (value.indexOf('#') >= 0) {
        String message = key + " holds a # without quotes, where some readers end the value";
        note(line, Severity.INFO, "ENV_HASH", message, "quote the value");
      }
      warnOfExpansion(key, value, line);
      return value;
    }

    private void put(String key, String value) {
      Entry before = entries.remove(key);
      if (before != null) {
        String message = key + " is at line " + before.line() + " already; the last one counts";
        note(line, Severity.WARNING, "ENV_DUPLICATE", message, "remove one of them");
      }
      entries.put(key, new Entry(key, value, line));
    }
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
