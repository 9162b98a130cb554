package com.personalaichatbot.dr.health.security;

import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.internal.file.Findings;
import com.personalaichatbot.dr.health.internal.file.OwnLocks;
import com.personalaichatbot.dr.health.internal.secret.SecretPattern;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * Looks for secrets in a text file: known forms, and the values of this application's own secrets.
 * Of a file at most 256 MiB are read and at most 20 places told. A very long line is looked at in
 * overlapping pieces.
 */
final class SecretScan {

  /** The most bytes of a file that are read. */
  static final long MOST = 256L << 20;

  private static final int MAX_TOLD = 20;
  private static final int PIECE = 64 << 10;
  private static final int OVERLAP = 4 << 10;

  private final Path file;
  private final long most;
  private final Map<String, String> own;
  private final Findings findings;
  private final Severity severity;
  private final String code;
  private final Set<String> told = new HashSet<>();
  private int line = 1;

  SecretScan(
      Path file,
      long most,
      Map<String, String> own,
      Severity severity,
      String code,
      Findings findings) {
    this.file = file;
    this.most = most;
    this.own = own;
    this.severity = severity;
    this.code = code;
    this.findings = findings;
  }

  void run() {
    byte[] buffer = new byte[PIECE];
    int filled = 0;
    long read = 0;
    try (InputStream in = open()) {
      while (read < most && told.size() < MAX_TOLD) {
        int n = in.read(buffer, filled, PIECE - filled);
        if (n < 0) {
          break;
        }
        read += n;
        filled = lines(buffer, filled + n);
      }
      look(text(buffer, 0, filled));
      if (read >= most && in.read() >= 0) {
        findings.add(
            Severity.INFO,
            "PARTLY_READ",
            file,
            "only the first " + (most >> 20) + " MiB were read",
            "rotate the log");
      }
    } catch (OwnLocks.InUseException locked) {
      findings.add(Severity.INFO, "IN_USE", file, "was not looked at: " + locked.getReason(), "");
    } catch (IOException failure) {
      String message = "cannot be read: " + failure.getClass().getSimpleName();
      findings.add(Severity.WARNING, "UNREADABLE", file, message, "check its mode");
    }
  }

  private InputStream open() throws IOException {
    new OwnLocks().require(file);
    return Files.newInputStream(file);
  }

  /** Looks at the whole lines, and moves the rest to the front. */
  private int lines(byte[] buffer, int filled) {
    int begin = 0;
    for (int i = 0; i < filled; i++) {
      if (buffer[i] == '\n') {
        look(text(buffer, begin, i));
        line++;
        begin = i + 1;
      }
    }
    if (begin == 0 && filled == PIECE) {
      look(text(buffer, 0, filled));
      begin = filled - OVERLAP;
    }
    System.arraycopy(buffer, begin, buffer, 0, filled - begin);
    return filled - begin;
  }

  /** A line without its zeros, so that UTF-16 hides nothing that is ASCII. */
  private static String text(byte[] buffer, int begin, int end) {
    return new String(buffer, begin, end - begin, StandardCharsets.ISO_8859_1).replace("\0", "");
  }

  private void look(String text) {
    own.forEach((key, value) -> {
      if (text.contains(value)) {
        tell("the value of " + key);
      }
    });
    for (SecretPattern secret : SecretPattern.ALL) {
      if (secret.mayBeIn(text)) {
        Matcher matcher = secret.pattern().matcher(text);
        while (matcher.find()) {
          if (!secret.hint().isEmpty() || isMixed(matcher.group("s"))) {
            tell("what looks like a " + secret.id());
          }
        }
      }
    }
  }

  /** A word after "password:" is most often a word. */
  private static boolean isMixed(String value) {
    return value.chars().anyMatch(Character::isDigit)
        && value.chars().anyMatch(Character::isLetter);
  }

  private void tell(String what) {
    if (told.size() < MAX_TOLD && told.add(line + what)) {
      findings.add(
          severity, code, file, line, "holds " + what, "renew the secret, then remove it here");
    }
  }
}
