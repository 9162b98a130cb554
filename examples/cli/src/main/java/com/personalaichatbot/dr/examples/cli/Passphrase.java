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
import java.util.Optional;

/**
 * The source of the passphrase: {@code --passphrase-file} or {@code --password-command}, else
 * {@code DR_PASSPHRASE_FILE} or {@code DR_PASSPHRASE}, else a person at the terminal. No two of
 * them may be given at one level. The passphrase is the same wherever it comes from
 * ({@link Secret#ofPassphrase}).
 */
final class Passphrase {
  /** A byte order mark, and a line end. */
  private static final int AROUND = 3 + 2;

  private static final int MAX_BYTES = Secret.MAX_PASSPHRASE_BYTES + AROUND + 1;

  private Passphrase() {}

  /** Reads the passphrase of a repository; the caller closes it. */
  static Secret read(Dr dr) throws IOException {
    return read(dr, false);
  }

  /** Reads that of a repository that is to be made; a person is asked for it twice. */
  static Secret readFirst(Dr dr) throws IOException {
    return read(dr, true);
  }

  private static Secret read(Dr dr, boolean isNew) throws IOException {
    RepositoryOptions options = dr.repository;
    Optional<Secret> given =
        given(options.passphraseFile(), options.passwordCommand(), dr.environment);
    if (given.isPresent()) {
      return given.get();
    }
    if (!dr.prompt().isThere()) {
      throw new IllegalArgumentException("no passphrase is given: use --passphrase-file,"
          + " --password-command, DR_PASSPHRASE_FILE or DR_PASSPHRASE");
    }
    return isNew ? askTwice(dr.prompt()) : secret(ask(dr.prompt(), "Passphrase: "), "passphrase");
  }

  /**
   * Reads what an option or the environment names.
   *
   * @param file what the option names, null if it was not given
   * @param command likewise
   * @return the secret, which the caller closes; empty if none is named
   * @throws IllegalArgumentException if more than one is given, or it is no passphrase
   */
  static Optional<Secret> given(String file, String command, Map<String, String> environment)
      throws IOException {
    if (file != null && command != null) {
      throw new IllegalArgumentException(
          "more than one passphrase is given: use either --passphrase-file or "
              + PasswordCommand.OPTION);
    }
    if (command != null) {
      return Optional.of(read(new PasswordCommand(command)));
    }
    if (file != null) {
      return Optional.of(read(file, "--passphrase-file"));
    }
    String environmentFile = environment.get("DR_PASSPHRASE_FILE");
    String text = environment.get("DR_PASSPHRASE");
    if (environmentFile != null && text != null) {
      throw new IllegalArgumentException(
          "more than one passphrase is given: unset DR_PASSPHRASE_FILE or DR_PASSPHRASE, or"
              + " use --passphrase-file, which wins over both");
    }
    if (text != null) {
      return Optional.of(secret(text.toCharArray(), "DR_PASSPHRASE"));
    }
    return environmentFile == null
        ? Optional.empty()
        : Optional.of(read(environmentFile, "DR_PASSPHRASE_FILE"));
  }

  /** Reads one from a file; the caller closes it. */
  static Secret readFile(String file) {
    return read(Path.of(file));
  }

  /** Asks a person for a new one, twice; the caller closes it. */
  static Secret askTwice(Prompt prompt) throws IOException {
    char[] once = ask(prompt, "New passphrase: ");
    try {
      char[] again = ask(prompt, "The same again: ");
      boolean isSame = Arrays.equals(once, again);
      Arrays.fill(again, '\0');
      if (!isSame) {
        throw new IllegalArgumentException(
            "the two passphrases are not the same; nothing was changed, so run it again");
      }
      return secret(once, "passphrase");
    } finally {
      Arrays.fill(once, '\0');
    }
  }

  private static char[] ask(Prompt prompt, String question) throws IOException {
    return prompt
        .ask(question)
        .orElseThrow(() -> new IllegalArgumentException("no passphrase was typed"));
  }

  private static Secret read(String file, String origin) {
    if (file.isEmpty()) {
      throw new IllegalArgumentException(origin + " names no file");
    }
    return read(Path.of(file));
  }

  private static Secret read(Path file) {
    byte[] bytes = new byte[MAX_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      int length = in.readNBytes(bytes, 0, MAX_BYTES);
      return secret(bytes, length, "passphrase file " + file, file.toString());
    } catch (IOException e) {
      throw refused("passphrase file " + file, "it cannot be read", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static Secret read(PasswordCommand command) throws IOException {
    byte[] line = command.firstLine(MAX_BYTES);
    try {
      return secret(line, line.length, command.name(), command.name());
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }

  private static Secret secret(byte[] bytes, int length, String source, String origin) {
    if (length == MAX_BYTES) {
      throw refused(source, "it is longer than " + Secret.MAX_PASSPHRASE_BYTES + " bytes", null);
    }
    try {
      CharBuffer text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
      char[] characters = Arrays.copyOf(text.array(), text.limit());
      Arrays.fill(text.array(), '\0');
      return secret(characters, origin);
    } catch (CharacterCodingException e) {
      throw refused(source, "it is not UTF-8", e);
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

  private static IllegalArgumentException refused(String source, String reason, Exception cause) {
    return new IllegalArgumentException(source + ": " + reason, cause);
  }
}
