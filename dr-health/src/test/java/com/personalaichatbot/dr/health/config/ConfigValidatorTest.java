package com.personalaichatbot.dr.health.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.SampleData;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.ValidationReport;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ConfigValidatorTest {

  @TempDir
  Path directory;

  private Path data;

  @BeforeEach
  void create() throws IOException {
    data = SampleData.create(directory.resolve("data"));
  }

  private ValidationReport validate() throws InterruptedException {
    return ConfigValidator.of(data).threads(2).validate();
  }

  private List<String> problems() throws InterruptedException {
    return validate().findings().stream()
        .filter(f -> f.severity() != Severity.INFO)
        .map(f -> f.severity() + " " + f.code() + " " + f.line())
        .toList();
  }

  private void env(String from, String to) throws IOException {
    assertThat(SampleData.ENV).contains(from);
    Files.writeString(data.resolve(".env"), SampleData.ENV.replace(from, to));
  }

  private void config(String from, String to) throws IOException {
    assertThat(SampleData.CONFIG).contains(from);
    Files.writeString(data.resolve("config/app_config.json"), SampleData.CONFIG.replace(from, to));
  }

  @Test
  void validate_soundInstallation_isUpAndNamesSecretsByFingerprint() throws Exception {
    ValidationReport report = validate();
    assertThat(report.status()).isEqualTo(Status.UP);
    assertThat(report.findings())
        .extracting(Finding::code)
        .containsOnly("ENV_FINGERPRINT")
        .hasSize(3);
    assertThat(report.toString()).doesNotContain(SampleData.KEY, "made-up-for-the-test");
    assertThat(ConfigValidator.of(data).strict().validate().status()).isEqualTo(Status.UP);
  }

  @Test
  void validate_eachFaultOfTheEnv_isFoundAtItsLine() throws Exception {
    Map<String, String[]> faults = Map.of(
        "ERROR ENV_REQUIRED 0", new String[] {"SECRET_KEY=made", "OTHER=made"},
        "WARNING ENV_RECOMMENDED 0", new String[] {"APP_HOST=", "OTHER="},
        "ERROR ENV_PLACEHOLDER 2", new String[] {SampleData.KEY, "your-api-key-here"},
        "ERROR ENV_FORMAT 2", new String[] {SampleData.KEY, "sk-or-v1-tooshort"},
        "ERROR ENV_RANGE 4", new String[] {"7860", "80"},
        "WARNING ENV_FORMAT 5", new String[] {"INFO", "LOUD"},
        "WARNING ENV_SHORT_SECRET 6",
            new String[] {"made-up-for-the-test-0123456789abcdef", "short1234"},
        "WARNING ENV_WEAK_SECRET 6",
            new String[] {"made-up-for-the-test-0123456789abcdef", "abab".repeat(10)},
        "WARNING ENV_SAME_SECRET 7", new String[] {"fedcba9876543210", "0123456789abcdef"});
    for (Map.Entry<String, String[]> fault : faults.entrySet()) {
      env(fault.getValue()[0], fault.getValue()[1]);
      assertThat(problems()).containsExactly(fault.getKey());
    }
  }

  @Test
  void validate_strict_warningsBecomeErrors() throws Exception {
    env("APP_HOST=", "OTHER=");
    assertThat(validate().status()).isEqualTo(Status.DEGRADED);
    ValidationReport strict = ConfigValidator.of(data).strict().validate();
    assertThat(strict.status()).isEqualTo(Status.DOWN);
    assertThat(strict.count(Severity.WARNING)).isZero();
  }

  @Test
  void validate_envOpenToOthers_isAnErrorAndConfigDirectoryAWarning() throws Exception {
    SampleData.mode(data.resolve(".env"), "rw-r--r--");
    SampleData.mode(data.resolve("config"), "rwxr-xr-x");
    assertThat(problems()).containsExactly("ERROR MODE 0", "WARNING MODE 0");
  }

  @Test
  void validate_settings_eachFaultIsFoundAtItsLineAndOnce() throws Exception {
    config("\"port\": 7860", "\"port\": 80");
    assertThat(problems()).containsExactly("ERROR CONFIG_VALUE 2");
    config("\"port\": 7860", "\"port\": \"7860\"");
    assertThat(problems()).containsExactly("ERROR CONFIG_VALUE 2");
    config("\"data_dir\"", "\"dir\"");
    assertThat(problems()).containsExactly("ERROR CONFIG_VALUE 0");
    config("\"security\"", "\"insecurity\"");
    assertThat(problems()).containsExactly("ERROR CONFIG_VALUE 0");
    config("500", "50");
    assertThat(problems()).containsExactly("WARNING CONFIG_VALUE 4");
    config("\"log_level\": \"INFO\"", "\"log_level\": \"LOUD\"");
    assertThat(problems()).containsExactly("ERROR CONFIG_SCHEMA 4");
    config("false", "\"no\"");
    assertThat(problems()).containsExactly("ERROR CONFIG_SCHEMA 2");
  }

  @Test
  void validate_settingsBrokenDeepLargeOrGone_isAnError() throws Exception {
    Path file = data.resolve("config/app_config.json");
    Files.writeString(file, "{\n\"app\": hunter2}");
    assertThat(problems()).containsExactly("ERROR CONFIG_BROKEN 2");
    assertThat(validate().toString()).doesNotContain("hunter2");
    Files.writeString(file, "{\"a\":".repeat(100_000));
    assertThat(problems()).containsExactly("ERROR CONFIG_BROKEN 0");
    assertThat(validate().toString()).contains("nested too deeply");
    Files.writeString(file, " ".repeat(2 << 20));
    assertThat(problems()).containsExactly("ERROR CONFIG_UNREADABLE 0");
    Files.delete(file);
    assertThat(problems()).containsExactly("ERROR CONFIG_MISSING 0");
    Files.createSymbolicLink(file, file);
    assertThat(problems()).containsExactly("ERROR CONFIG_UNREADABLE 0");
  }

  @Test
  void validate_otherJsonBroken_isAnError() throws Exception {
    Files.writeString(data.resolve("config/config.json"), "{\"plain\":");
    assertThat(problems()).containsExactly("ERROR CONFIG_BROKEN 1");
  }

  @Test
  void validate_directoriesOrDataGone_isAnError() throws Exception {
    Files.delete(data.resolve("logs/app.log"));
    Files.delete(data.resolve("logs"));
    assertThat(problems()).containsExactly("WARNING DIRECTORY_MISSING 0");
    Files.move(data.resolve("conversations"), directory.resolve("away"));
    assertThat(problems())
        .containsExactly("ERROR DIRECTORY_MISSING 0", "WARNING DIRECTORY_MISSING 0");
    data = directory.resolve("nothing");
    assertThat(problems()).containsExactly("ERROR DATA_MISSING 0");
  }

  private List<String> conversation(String from, String to) throws Exception {
    String sound = SampleData.conversation(SampleData.ID);
    assertThat(sound).contains(from);
    Files.writeString(
        data.resolve("conversations/active/" + SampleData.ID + ".json"), sound.replace(from, to));
    return problems();
  }

  @Test
  void validate_conversation_eachFaultIsFound() throws Exception {
    assertThat(conversation("000000000001", "000000000002"))
        .containsExactly("ERROR CONVERSATION_ID 1");
    assertThat(conversation("\"id\"", "\"key\"")).containsExactly("ERROR CONVERSATION_ID 0");
    assertThat(conversation("\"user\"", "\"tool\"")).containsExactly("ERROR CONVERSATION_ROLE 2");
    assertThat(conversation("\"hi\"", "[1]")).containsExactly("ERROR CONVERSATION_CONTENT 4");
    assertThat(conversation("03:04:06Z", "soon")).containsExactly("ERROR CONVERSATION_TIME 4");
    assertThat(conversation("\"updated_at\": \"2025", "\"updated_at\": \"2024"))
        .containsExactly("WARNING CONVERSATION_TIME 0");
    assertThat(conversation("\"messages\"", "\"talk\""))
        .containsExactly("ERROR CONVERSATION_MESSAGES 0");
    assertThat(conversation("[\n", "{\n"))
        .containsExactly("ERROR CONVERSATION_MESSAGES 1", "ERROR CONVERSATION_BROKEN 2");
    assertThat(conversation("}}\n", "}")).containsExactly("ERROR CONVERSATION_BROKEN 6");
    assertThat(conversation("}}\n", "}} x")).containsExactly("ERROR CONVERSATION_BROKEN 6");
    assertThat(conversation("{\"tags\": []}", "[".repeat(100_000)))
        .containsExactly("ERROR CONVERSATION_BROKEN 0");
    assertThat(conversation("{\"role\"", "7, {\"role\""))
        .contains("ERROR CONVERSATION_ROLE 2", "ERROR CONVERSATION_CONTENT 2");
  }

  @Test
  void validate_conversationsOfOddKinds_areReported() throws Exception {
    Path active = data.resolve("conversations/active");
    Files.writeString(active.resolve("x_ab12cd.tmp"), "{");
    Files.writeString(active.resolve("empty.json"), "");
    Files.writeString(active.resolve("list.json"), "[[1],2]");
    Files.createSymbolicLink(active.resolve("link.json"), data.resolve(".env"));
    assertThat(new ProcessBuilder("mkfifo", active.resolve("pipe.json").toString())
            .start()
            .waitFor())
        .isZero();
    Files.createSymbolicLink(active.resolve("loop"), active);
    assertThat(validate().findings().stream().filter(f -> !f.code().startsWith("ENV")))
        .extracting(f -> active.relativize(f.path()) + " " + f.code())
        .containsExactly(
            "empty.json CONVERSATION_BROKEN",
            "link.json CONVERSATION_LINK",
            "list.json CONVERSATION_BROKEN",
            "loop CONVERSATION_LINK",
            "pipe.json CONVERSATION_BROKEN",
            "x_ab12cd.tmp CONVERSATION_LEFTOVER");
  }

  @Test
  void validate_conversationOfMoreThanTenMegabytes_isAWarning() throws Exception {
    assertThat(conversation("\"hi\"", "\"" + "y".repeat(10 << 20) + "\""))
        .containsExactly("WARNING CONVERSATION_LARGE 0");
  }

  @Test
  void validate_checksum_isVerifiedWhereItIs() throws Exception {
    // What the original's writer hashes: keys in order, no blanks, characters beyond ASCII escaped.
    String hashed =
        "{\"created_at\":\"2025-01-02T03:04:05\",\"id\":\"a\",\"messages\":[],\"n\":5.0,\"title\":\"\\u00fc\\n\"}";
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(hashed.getBytes(StandardCharsets.US_ASCII));
    String file =
        "{\"title\": \"ü\\n\", \"id\": \"a\", \"n\": 5.0, \"messages\": [], \"_metadata\": {\"checksum\": \""
            + HexFormat.of().formatHex(hash)
            + "\", \"version\": 1}, \"created_at\": \"2025-01-02T03:04:05\"}";
    Path path = data.resolve("conversations/a.json");
    Files.writeString(path, file);
    assertThat(problems()).isEmpty();
    Files.writeString(path, file.replace("5.0", "5.5"));
    assertThat(problems()).containsExactly("ERROR CONVERSATION_CHECKSUM 1");
  }

  @Test
  void validate_moreFindingsThanAreKept_countsTheRest() throws Exception {
    StringBuilder messages = new StringBuilder();
    for (int i = 0; i < 5_100; i++) {
      messages.append(i == 0 ? "{}" : ",{}");
    }
    Files.writeString(
        data.resolve("conversations/a.json"), "{\"id\":\"a\",\"messages\":[" + messages + "]}");
    ValidationReport report = validate();
    assertThat(report.findings()).hasSize(10_001);
    assertThat(report.findings()).filteredOn(f -> f.code().equals("MORE")).hasSize(1);
    assertThat(report.result().status()).isEqualTo(Status.DOWN);
  }

  @Test
  void check_report_becomesAResult() throws Exception {
    assertThat(ConfigValidator.of(data).check().status()).isEqualTo(Status.UP);
    env("7860", "80");
    assertThat(ConfigValidator.of(data).check().code()).isEqualTo("ENV_RANGE");
    assertThat(ConfigValidator.of(data).check().details()).containsEntry("errors", 1L);
  }

  private static ConfigRules rules(String json) throws IOException {
    return ConfigRules.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void rules_schemaWithRemoteReference_isRefused() {
    for (String reference : List.of("https://example.org/x", "file:///etc/passwd", "other.json")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> rules("{\"config\":{\"schema\":{\"properties\":{\"a\":{\"$ref\":\""
              + reference
              + "\"}}}}}"))
          .withMessageContaining(reference);
    }
  }

  @Test
  void rules_schemaInALanguageThatIsElsewhere_isNotFetchedAndNothingPasses() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicInteger fetched = new AtomicInteger();
    server.createContext("/", exchange -> {
      fetched.incrementAndGet();
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
    });
    server.start();
    try {
      String elsewhere = "http://127.0.0.1:" + server.getAddress().getPort() + "/language";
      ConfigRules own =
          rules("{\"env\":{\"file\":\".env\"},\"config\":{\"file\":\"config/app_config.json\","
              + "\"schema\":{\"$schema\":\"" + elsewhere
              + "\"}},\"conversations\":{\"directory\":\"none\"}}");
      assertThat(ConfigValidator.of(data, own).validate().findings())
          .extracting(Finding::code)
          .containsExactly("CONFIG_SCHEMA");
      assertThat(fetched).hasValue(0);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void rules_ofOnesOwn_areApplied() throws Exception {
    ConfigRules own = rules(
        "{\"env\":{\"file\":\".env\",\"required\":[\"MINE\"]},\"config\":{\"file\":\"config/app_config.json\","
            + "\"schema\":{\"$defs\":{\"p\":{\"maximum\":9}},\"properties\":{\"app\":{\"properties\":"
            + "{\"port\":{\"$ref\":\"#/$defs/p\"}}}}}},\"conversations\":{\"directory\":\"none\"}}");
    assertThat(ConfigValidator.of(data, own).validate().findings())
        .extracting(Finding::code)
        .containsExactly("ENV_REQUIRED", "CONFIG_SCHEMA");
    assertThatIOException().isThrownBy(() -> rules("nonsense"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rules("{\"config\":{\"rules\":[{\"at\":\"app\"}]}}"));
  }
}
