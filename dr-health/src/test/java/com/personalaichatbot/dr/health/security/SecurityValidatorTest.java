package com.personalaichatbot.dr.health.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.SampleData;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.ValidationReport;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class SecurityValidatorTest {

  @TempDir
  Path directory;

  private Path data;
  private Path proc;

  @BeforeEach
  void create() throws IOException {
    data = SampleData.create(directory.resolve("data"));
    proc = Files.writeString(directory.resolve("status"), "Umask:\t0077\nUid:\t1000\t1000\n");
  }

  private ValidationReport validate() {
    return new SecurityValidator(data, Optional.empty(), proc).validate();
  }

  private List<String> problems() {
    return validate().findings().stream()
        .map(f -> f.severity() + " " + f.code() + " " + data.relativize(f.path()))
        .toList();
  }

  @Test
  void validate_soundInstallation_findsNothing() {
    assertThat(problems()).isEmpty();
    assertThat(validate().status()).isEqualTo(Status.UP);
  }

  @Test
  void validate_modes_secretsAndRootAreErrorsTheRestWarnings() throws Exception {
    SampleData.mode(data, "rwxr-x---");
    SampleData.mode(data.resolve(".env"), "rw-r--r--");
    SampleData.mode(data.resolve("config/app_config.json"), "rw-r-----");
    SampleData.mode(data.resolve("logs"), "rwxr-xr-x");
    SampleData.mode(data.resolve("logs/app.log"), "rw-r--r--");
    assertThat(problems())
        .containsExactly(
            "ERROR MODE ",
            "ERROR MODE .env",
            "ERROR MODE config/app_config.json",
            "WARNING MODE logs",
            "WARNING MODE logs/app.log");
  }

  @Test
  void validate_worldWritable_isAnErrorForEachPath() throws Exception {
    SampleData.mode(data.resolve("conversations"), "rwxrwxrwx");
    SampleData.mode(data.resolve("logs/app.log"), "rw--w--w-");
    assertThat(problems())
        .containsExactly("ERROR WORLD_WRITABLE conversations", "ERROR WORLD_WRITABLE logs/app.log");
  }

  @Test
  void validate_filesOfAnotherUser_areWarnings() throws Exception {
    try (FileSystem fileSystem = Jimfs.newFileSystem(Configuration.unix().toBuilder()
        .setAttributeViews("basic", "owner", "posix", "unix")
        .build())) {
      data = SampleData.create(fileSystem.getPath("/work/data"));
      assertThat(problems()).isEmpty();
      Files.setOwner(
          data.resolve("logs/app.log"),
          fileSystem.getUserPrincipalLookupService().lookupPrincipalByName("intruder"));
      assertThat(problems()).containsExactly("WARNING FOREIGN_OWNER logs/app.log");
      assertThat(validate().toString()).contains("belongs to intruder");
    }
  }

  @Test
  void validate_links_leavingBrokenOrLooping_areToldAndNotFollowed() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    SampleData.mode(Files.writeString(outside.resolve("x"), "x"), "rwxrwxrwx");
    Files.createSymbolicLink(data.resolve("away"), outside);
    Files.createSymbolicLink(data.resolve("broken"), data.resolve("nothing"));
    Files.createSymbolicLink(data.resolve("inside"), data.resolve("logs"));
    Files.createSymbolicLink(data.resolve("loop"), data.resolve("loop"));
    Files.createSymbolicLink(data.resolve("up"), data);
    assertThat(problems())
        .containsExactly(
            "WARNING LINK_LEAVES_TREE away", "INFO LINK_BROKEN broken", "INFO LINK_BROKEN loop");
  }

  @Test
  void validate_keyInALog_isAnErrorAtItsLineAndNotShown() throws Exception {
    Path log = data.resolve("logs/app.log");
    String openRouter = "sk-or-v1-" + "9a8b7c6d".repeat(5);
    append(log, "x - INFO - using " + openRouter + "\n");
    append(log, "x - INFO - SECRET_KEY is made-up-for-the-test-0123456789abcdef\n");
    append(log, "x - INFO - password: incorrect for user\n");
    append(log, "x - INFO - db_password=Tr0ub4dor&3\n");
    append(log, "-----BEGIN RSA PRIVATE KEY-----\n");
    ValidationReport report = validate();
    assertThat(report.findings())
        .extracting(f -> f.severity() + " " + f.code() + " " + f.line() + " " + f.message())
        .containsExactly(
            "ERROR SECRET_IN_LOG 2 holds what looks like a OpenRouter key",
            "ERROR SECRET_IN_LOG 3 holds the value of SECRET_KEY",
            "ERROR SECRET_IN_LOG 5 holds what looks like a value of a secret setting",
            "ERROR SECRET_IN_LOG 6 holds what looks like a private key");
    assertThat(report.toString()).doesNotContain(openRouter, "Tr0ub4dor", "made-up");
  }

  @Test
  void validate_keyAcrossPiecesOfAVeryLongLine_isFoundOnce() throws Exception {
    Path log = data.resolve("logs/app.log");
    append(log, "y".repeat((64 << 10) - 60));
    append(log, " sk-or-v1-" + "9a8b7c6d".repeat(8));
    append(log, "y".repeat(100_000) + "\n");
    assertThat(problems()).containsExactly("ERROR SECRET_IN_LOG logs/app.log");
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  @Test
  void validate_secretInSettings_isAWarning() throws Exception {
    Path config = data.resolve("config/app_config.json");
    Files.writeString(config, "{\"openrouter_key\": \"" + SampleData.KEY + "\"}");
    assertThat(problems()).contains("WARNING SECRET_IN_CONFIG config/app_config.json");
  }

  @Test
  void validate_keyFile_isAWarning() throws Exception {
    Path key = Files.writeString(data.resolve("config/encryption.key"), "k");
    SampleData.mode(key, "rw-------");
    assertThat(problems()).containsExactly("WARNING KEY_BESIDE_DATA config/encryption.key");
    SampleData.mode(key, "rw-r--r--");
    assertThat(problems()).contains("ERROR MODE config/encryption.key");
  }

  @Test
  void validate_repositoryInsideData_isAnErrorEvenThroughALink() throws Exception {
    Path inside = Files.createDirectory(data.resolve("repository"));
    SampleData.mode(inside, "rwx------");
    Path link = Files.createSymbolicLink(directory.resolve("link"), inside);
    for (Path repository : List.of(inside, link, data, directory)) {
      assertThat(SecurityValidator.of(data).repository(repository).validate().findings())
          .extracting(Finding::code)
          .contains("REPOSITORY_INSIDE_DATA");
    }
    assertThat(SecurityValidator.of(data)
            .repository(directory.resolve("beside"))
            .validate()
            .findings())
        .extracting(Finding::code)
        .doesNotContain("REPOSITORY_INSIDE_DATA");
  }

  @Test
  void validate_backupsInsideData_isAWarning() throws Exception {
    Path backups = Files.createDirectory(data.resolve("backups"));
    SampleData.mode(backups, "rwx------");
    assertThat(problems()).isEmpty();
    SampleData.mode(Files.writeString(backups.resolve("a"), ""), "rw-r-----");
    assertThat(problems())
        .containsExactly("WARNING BACKUPS_INSIDE_DATA backups", "ERROR MODE backups/a");
  }

  @Test
  void validate_secretsMissingWeakOrPlaceholder_areTold() throws Exception {
    Files.writeString(
        data.resolve(".env"),
        "OPENROUTER_API_KEY=your-api-key-here\nSECRET_KEY=short1234\nENCRYPTION_KEY=\n");
    assertThat(validate().findings())
        .extracting(Finding::code)
        .containsExactly("ENV_PLACEHOLDER", "ENV_SHORT_SECRET", "ENV_REQUIRED");
    Files.delete(data.resolve(".env"));
    assertThat(problems()).containsExactly("ERROR ENV_MISSING .env");
  }

  @Test
  void validate_process_rootAndUmaskAreWarnings() throws Exception {
    Files.writeString(proc, "Umask:\t0002\nUid:\t0\t0\n");
    assertThat(problems()).containsExactly("WARNING RUNS_AS_ROOT ", "WARNING UMASK ");
    Files.writeString(proc, "Umask:\t0022\nUid:\t7\n");
    assertThat(problems()).isEmpty();
  }

  @Test
  void validate_specialFile_isAWarningAndNotOpened() throws Exception {
    Path pipe = data.resolve("logs/pipe.log");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThat(problems()).containsExactly("WARNING SPECIAL_FILE logs/pipe.log");
  }

  @Test
  void validate_dataGone_isAnError() {
    data = directory.resolve("nothing");
    assertThat(problems()).containsExactly("ERROR DATA_MISSING ");
    assertThat(SecurityValidator.of(data).check().status()).isEqualTo(Status.DOWN);
    assertThat(SecurityValidator.of(data).validate().count(Severity.ERROR)).isEqualTo(1);
  }
}
