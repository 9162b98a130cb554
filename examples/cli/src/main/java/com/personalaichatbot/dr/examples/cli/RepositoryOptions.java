package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.operation.ProgressListener;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The repository, the way to open it, and what this client remembers of it. */
final class RepositoryOptions {
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");

  @Option(
      names = "--repo",
      paramLabel = "LOCATION",
      scope = ScopeType.INHERIT,
      description = "The repository, a directory. Also DR_REPO.")
  private String location;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "Read the passphrase from FILE. Also DR_PASSPHRASE_FILE, or DR_PASSPHRASE. Where none is"
              + " given, a person at a terminal is asked.")
  private String passphraseFile;

  @Option(
      names = PasswordCommand.OPTION,
      paramLabel = "COMMAND",
      scope = ScopeType.INHERIT,
      description = "Take the first line that COMMAND prints for the passphrase. It is run without"
          + " a shell.")
  private String passwordCommand;

  @Option(
      names = "--slot",
      paramLabel = "ID",
      scope = ScopeType.INHERIT,
      description = "Open the key slot ID and no other: one with a cost of its own needs that.")
  private String slot;

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      scope = ScopeType.INHERIT,
      defaultValue = "0s",
      description =
          "Wait that long while another operation holds the repository: 30s, 15m, 24h. Default: 0s,"
              + " not at all.")
  private Duration patience;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description =
          "Keep what this client remembers in DIR, by repository. Default: $XDG_STATE_HOME/dr.")
  private String state;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "The name of this machine in snapshots.")
  private String host;

  @Option(
      names = "--expect-head",
      paramLabel = "FINGERPRINT",
      scope = ScopeType.INHERIT,
      description = "Refuse a repository whose history is not at or after this head, as a report"
          + " prints it (exit 13).")
  private String expectedHead;

  String passphraseFile() {
    return passphraseFile;
  }

  String passwordCommand() {
    return passwordCommand;
  }

  /** Whether a repository is named at all. */
  boolean isNamed(Map<String, String> environment) {
    return location != null || !environment.getOrDefault("DR_REPO", "").isEmpty();
  }

  /** What is to be opened or made, as the options and the environment say. */
  BackupRepository.Builder builder(Map<String, String> environment, ProgressListener progress) {
    return builder(location(environment), environment, progress);
  }

  /** The same for the repository in another directory. */
  BackupRepository.Builder builder(
      Path directory, Map<String, String> environment, ProgressListener progress) {
    BackupRepository.Builder builder = BackupRepository.builder(LocalStorage.at(directory))
        .state(state(environment))
        .patience(patience)
        .progress(progress);
    if (slot != null) {
      builder.slot(slot);
    }
    if (host != null) {
      builder.host(host);
    }
    if (expectedHead != null) {
      builder.expectHead(expectedHead);
    }
    return builder;
  }

  /** The directory of the repository that is named. */
  Path location(Map<String, String> environment) {
    String text = location == null ? environment.getOrDefault("DR_REPO", "") : location;
    if (text.isEmpty()) {
      throw new IllegalArgumentException("no repository is named: use --repo or DR_REPO");
    }
    return directory(text, "DR_REPO");
  }

  /** The directory that a text names which was given on the command line or in {@code variable}. */
  static Path directory(String text, String variable) {
    if (SCHEME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "repository '" + text + "': this version knows directories only");
    }
    if (text.indexOf('\uFFFD') >= 0) {
      throw new IllegalArgumentException(variable
          + " was not understood in this locale; set a UTF-8 locale, such as LC_ALL=C.UTF-8");
    }
    return Path.of(text);
  }

  /** The directory in which this client remembers. */
  Path state(Map<String, String> environment) {
    if (state != null) {
      if (state.isEmpty()) {
        throw new IllegalArgumentException("--state names no directory");
      }
      return Path.of(state);
    }
    String base = environment.getOrDefault("XDG_STATE_HOME", "");
    Path home =
        Path.of(base).isAbsolute() ? Path.of(base) : home(environment).resolve(".local/state");
    return home.resolve("dr");
  }

  /** The JVM gives "?" where the user has no entry in the list of users, as in many containers. */
  private static Path home(Map<String, String> environment) {
    return Stream.of(System.getProperty("user.home", ""), environment.getOrDefault("HOME", ""))
        .map(Path::of)
        .filter(Path::isAbsolute)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            "this user has no home directory to keep the state in: use --state DIR, or set HOME"));
  }
}
