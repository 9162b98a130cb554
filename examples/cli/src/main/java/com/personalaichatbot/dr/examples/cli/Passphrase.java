package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * The source of the passphrase: {@code --passphrase-file}, {@code DR_PASSPHRASE_FILE} or
 * {@code DR_PASSPHRASE}, and exactly one of them. What belongs to it is the same wherever it comes
 * from ({@link Secret#ofPassphrase}).
 */
final class Passphrase {
  /** A byte order mark, and a line end. */
  private static final int AROUND = 3 + 2;

  private Passphrase() {}

  /**
   * Reads it.
   *
   * @param file what the option names, null if it was not given
   * @return the secret, which the caller closes
   * @throws IllegalArgumentException if none or more than one is given, or it is no passphrase
   */
  static Secret read(String file, Map<String, String> environment) {
    String environmentFile = environment.get("DR_PASSPHRASE_FILE");
    String text = environment.get("DR_PASSPHRASE");
    if (file == null && (environmentFile == null) == (text == null)) {
      throw new IllegalArgumentException(
          text == null
              ? "no passphrase is given: use --passphrase-file, DR_PASSPHRASE_FILE or"
                  + " DR_PASSPHRASE"
              : "more than one passphrase is given: unset DR_PASSPHRASE_FILE or DR_PASSPHRASE, or"
                  + " use --passphrase-file, which wins over both");
    }
    if (file == null && text != null) {
      return secret(text.toCharArray(), "DR_PASSPHRASE");
    }
    String named = file == null ? environmentFile : file;
    if (named.isEmpty()) {
      throw new IllegalArgumentException(
          (file == null ? "DR_PASSPHRASE_FILE" : "--passphrase-file") + " names no file");
    }
    return read(Path.of(named));
  }

  /** Reads one from a file; the caller closes it. */
  static Secret readFile(String file) {
    return read(Path.of(file));
  }

  private static Secret read(Path file) {
    int most = Secret.MAX_PASSPHRASE_BYTES + AROUND + 1;
    byte[] bytes = new byte[most];
    try (InputStream in = Files.newInputStream(file)) {
      int length = in.readNBytes(bytes, 0, most);
      if (length == most) {
        throw refused(file, "it is longer than " + Secret.MAX_PASSPHRASE_BYTES + " bytes", null);
      }
      CharBuffer text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
      char[] characters = Arrays.copyOf(text.array(), text.limit());
      Arrays.fill(text.array(), '\0');
      return secret(characters, file.toString());
    } catch (CharacterCodingException e) {
      throw refused(file, "it is not UTF-8", e);
    } catch (IOException e) {
      throw refused(file, "it cannot be read", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static Secret secret(char[] text, String origin) {
    try {
      return Secret.ofPassphrase(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          origin + ": " + e.getMessage() + " Use a passphrase file in UTF-8.", e);
    } finally {
      Arrays.fill(text, '\0');
    }
  }

  private static IllegalArgumentException refused(Path file, String reason, Exception cause) {
    return new IllegalArgumentException("passphrase file " + file + ": " + reason, cause);
  }
}
