package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.crypto.Secret;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.check.DiskCheck;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The twelve broken installations that the original application's scripts called sound, or did not
 * look at: what {@code dr health}, {@code dr validate-config} and {@code dr validate-security} say.
 * The table in docs/health.md is held against this.
 */
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class BrokenInstallationsTest {
  /** What the machine that runs the test may add: it is busy, full, or runs tests as root. */
  private static final Set<String> MACHINE = Set.of("cpu", "memory", "disk", "temp", "clock");

  private static final Set<String> PROCESS = Set.of("RUNS_AS_ROOT", "UMASK");

  /** The failures that the machine which runs the test may add. */
  @FunctionalInterface
  interface Breaking {
    void apply(BrokenInstallationsTest test) throws IOException;
  }

  /** The rows of the table, with what each command must find; what only warns has a star. */
  enum Broken {
    PAGE_ANSWERS_500(test -> test.bot.answer = 500, "page BAD_STATUS", "", ""),
    NO_PROCESS(test -> test.bot.close(), "page NO_ANSWER, port PORT_CLOSED", "", ""),
    DISK_AT_85_PERCENT(test -> {}, "disk DISK_WARNING*", "", ""),
    DIRECTORY_MISSING(
        test -> Files.move(test.bot.data.resolve("conversations"), test.directory.resolve("away")),
        "configuration DIRECTORY_MISSING, directories DIRECTORY_MISSING",
        "DIRECTORY_MISSING",
        ""),
    SETTINGS_BROKEN(
        test -> test.bot.write("config/app_config.json", "{\"app\": "),
        "configuration CONFIG_BROKEN, settings JSON_BROKEN",
        "CONFIG_BROKEN",
        ""),
    KEY_MISSING(
        test -> test.env("SECRET_KEY=", "#SECRET_KEY="),
        "configuration ENV_REQUIRED, security ENV_REQUIRED",
        "ENV_REQUIRED",
        "ENV_REQUIRED"),
    KEY_IS_A_PLACEHOLDER(
        test -> test.env(Installation.KEY, "your-api-key-here"),
        "configuration ENV_PLACEHOLDER, security ENV_PLACEHOLDER",
        "ENV_PLACEHOLDER",
        "ENV_PLACEHOLDER"),
    ENV_OPEN_TO_ALL(
        test -> test.bot.mode(".env", "rw-r--r--"),
        "configuration MODE, security MODE",
        "MODE",
        "MODE"),
    TREE_WORLD_WRITABLE(
        test -> {
          test.bot.mode("", "rwxrwxrwx");
          test.bot.mode("conversations/active", "rwxrwxrwx");
        },
        "security WORLD_WRITABLE",
        "",
        "WORLD_WRITABLE"),
    KEY_IN_A_LOG(
        test -> test.bot.write("logs/app.log", "using " + Installation.KEY + "\n"),
        "security SECRET_IN_LOG",
        "",
        "SECRET_IN_LOG"),
    BACKUP_STALE(
        test -> test.backUp(Duration.ofHours(25)), "backup:conversations BACKUP_STALE", "", ""),
    CONVERSATION_CORRUPT(
        test -> test.bot.write("conversations/active/" + Installation.ID + ".json", "\0\0\0\0"),
        "configuration CONVERSATION_BROKEN",
        "CONVERSATION_BROKEN",
        "");

    private final Breaking breaking;
    private final String health;
    private final String config;
    private final String security;

    Broken(Breaking breaking, String health, String config, String security) {
      this.breaking = breaking;
      this.health = health;
      this.config = config;
      this.security = security;
    }
  }

  @TempDir
  Path directory;

  private Tool tool;

  @AutoClose
  private Installation bot;

  @BeforeEach
  void setUp() throws IOException {
    tool = new Tool(directory).init();
    bot = new Installation(directory.resolve("bot"));
    backUp(Duration.ofHours(2));
  }

  private void env(String from, String to) throws IOException {
    bot.write(".env", bot.read(".env").replace(from, to));
  }

  /** Leaves a repository whose only backup is so old, and was read back. */
  private void backUp(Duration age) throws IOException {
    Path repository = directory.resolve("backups-" + age.toHours());
    tool.environment.put("DR_REPO", repository.toString());
    try (Secret secret = Secret.ofPassphrase(Tool.PASSPHRASE.toCharArray());
        BackupRepository backups = BackupRepository.builder(LocalStorage.at(repository))
            .clock(Clock.offset(Clock.systemUTC(), age.negated()))
            .host("bot")
            .create(secret)) {
      Component chats = Component.directory(
          "conversations", Kind.CONVERSATIONS, bot.data.resolve("conversations"));
      backups.backUp(List.of(chats), BackupOptions.of(Purpose.SCHEDULED));
      backups.verify(VerifyOptions.readAll());
    }
  }

  private String health() throws IOException {
    Set<String> unwell = new TreeSet<>();
    JsonNode json = HealthTest.health(tool, bot, "--url", bot.url());
    json.get("components").properties().forEach(component -> {
      boolean down = component.getValue().get("status").asText().equals("DOWN");
      if (down && !MACHINE.contains(component.getKey())) {
        unwell.add(
            component.getKey() + " " + component.getValue().at("/details/code").asText());
      }
    });
    return String.join(", ", unwell);
  }

  private String errors(String command) throws IOException {
    Tool.Result result = tool.run(command, "--json", "--data", bot.path());
    Set<String> errors = new TreeSet<>();
    for (JsonNode finding : result.json().get("findings")) {
      boolean error = finding.get("severity").asText().equals("ERROR");
      if (error) {
        errors.add(finding.get("code").asText());
      } else if (!PROCESS.contains(finding.get("code").asText())) {
        assertThat(finding.get("severity").asText()).as(finding.toString()).isEqualTo("INFO");
      }
    }
    assertThat(result.exit() == 2).isEqualTo(!errors.isEmpty());
    return String.join(", ", errors);
  }

  @Test
  void soundInstallation_nothingIsFound() throws IOException {
    assertThat(health()).isEmpty();
    assertThat(errors("validate-config")).isEmpty();
    assertThat(errors("validate-security")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void brokenInstallation_isSeen(Broken broken) throws IOException {
    broken.breaking.apply(this);
    String seen = broken == Broken.DISK_AT_85_PERCENT ? diskAt85Percent() : health();
    assertThat(seen).isEqualTo(broken.health);
    assertThat(errors("validate-config")).isEqualTo(broken.config);
    assertThat(errors("validate-security")).isEqualTo(broken.security);
  }

  /** No test fills a real disk; the check that {@code dr health} runs is given a full one. */
  private static String diskAt85Percent() throws IOException {
    int size = 10 << 20;
    try (FileSystem volume =
        Jimfs.newFileSystem(Configuration.unix().toBuilder().setMaxSize(size).build())) {
      Path data = Files.createDirectory(volume.getPath("/data"));
      Files.write(data.resolve("large"), new byte[size / 100 * 85]);
      CheckResult result = DiskCheck.of(data, 80, 90, 0).check();
      assertThat((Double) result.details().get("usedPercent")).isBetween(84.0, 86.0);
      return "disk " + result.code() + "*";
    }
  }

  @ParameterizedTest
  @EnumSource
  void document_saysTheSame(Broken broken) throws IOException {
    String name = broken.name().toLowerCase(Locale.ROOT);
    String row = Files.readAllLines(document()).stream()
        .filter(line -> line.startsWith("| ") && name.equals(word(line)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no row for " + name));
    String[] cells = row.split("\\|", -1);
    assertThat(cells).as(row).hasSize(9);
    assertThat(ours(cells[5])).isEqualTo(broken.health);
    assertThat(ours(cells[6])).isEqualTo(broken.config);
    assertThat(ours(cells[7])).isEqualTo(broken.security);
  }

  /** The first cell as the constant is called. */
  private static String word(String row) {
    return row.substring(2, row.indexOf(" |"))
        .replace("%", "percent")
        .replaceAll("[ -]", "_")
        .replaceAll("[`.]", "");
  }

  private static String ours(String cell) {
    return cell.replace("`", "").replace("\\*", "*").replace("–", "").strip();
  }

  private static Path document() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("docs/health.md"))) {
        return at.resolve("docs/health.md");
      }
    }
    throw new IllegalStateException("not run inside the checkout");
  }
}
