package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.ExchangeRefusedException;
import com.personalaichatbot.dr.core.operation.ExchangeReport;
import com.personalaichatbot.dr.core.operation.ImportOptions;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archives of the three backup systems that the original application has, made as they do. */
class OriginalArchiveTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir
  Path temp;

  @AutoClose
  private final RootKey root = RootKey.of(new byte[32]);

  @AutoClose
  private BackupRepository repository;

  private Path data;

  @BeforeEach
  void makeData() throws IOException {
    repository = BackupRepository.builder(new MemoryStorage())
        .clock(SettableClock.at(NOW))
        .create(root);
    data = temp.resolve("work");
    Trees.scatter(data.resolve("conversations/active"), 30, 1);
    Files.createDirectories(data.resolve("conversations/archived"));
    write("config/app_config.json", "{\"app\":{}}");
    write("config/encryption.key", "k".repeat(44));
    write("logs/app.log", "2025-01-02 03:04:05,678 - personal_ai_chatbot - INFO - demo line\n");
  }

  private void write(String name, String text) throws IOException {
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Path tar(String archive, String... entries) throws IOException {
    Path file = Files.createDirectories(temp.resolve("backups")).resolve(archive);
    ExchangeStoryTest.floorTimes(data);
    String[] arguments = new String[entries.length + 2];
    arguments[0] = "-czf";
    arguments[1] = file.toString();
    System.arraycopy(entries, 0, arguments, 2, entries.length);
    ExchangeStoryTest.tar(data, InputStream.nullInputStream(), arguments);
    return file;
  }

  private ExchangeReport importFrom(Path archive) throws IOException {
    return repository.importFrom(archive, ImportOptions.DEFAULT);
  }

  private Snapshot imported() throws IOException {
    assertThat(repository.snapshots()).hasSize(1);
    return repository.snapshots().get(0);
  }

  private Path restored() throws IOException {
    Path there = temp.resolve("there");
    Selector selector = Selector.of(imported().id());
    var report =
        repository.restore(repository.planRestore(RestoreRequest.to(selector, there)), List.of());
    assertThat(report.failures()).isEmpty();
    return there;
  }

  @Test
  void importFrom_shellDataArchive_becomesComponentsOfItsTime() throws IOException {
    String name = "personal-ai-chatbot-data-20250102_030405-data";
    Path top = Files.createDirectories(data.resolve(name));
    for (String part : List.of("conversations", "config", "logs")) {
      Files.move(data.resolve(part), top.resolve(part));
    }
    write(name + "/backup-manifest.txt", "Created: Thu Jan  2 03:04:05 UTC 2025\n");

    ExchangeReport report = importFrom(tar("renamed.tar.gz", name));

    Snapshot snapshot = imported();
    assertThat(snapshot.started()).isEqualTo("2025-01-02T03:04:05Z");
    assertThat(snapshot.components())
        .extracting(ComponentState::name, ComponentState::kind)
        .containsExactlyInAnyOrder(
            tuple("conversations", Kind.CONVERSATIONS),
            tuple("config", Kind.CONFIG),
            tuple("logs", Kind.LOGS));
    assertThat(report.files()).isEqualTo(33);
    assertThat(report.notes())
        .anyMatch(n -> n.contains("no archive of this kind holds .env"))
        .anyMatch(n -> n.contains("names no zone and is taken as Z"))
        .anyMatch(n -> n.contains("retention counts from then"));
    Path there = restored();
    for (String part : List.of("conversations", "config", "logs")) {
      assertThat(Trees.differences(top.resolve(part), there.resolve(part))).isEmpty();
    }
  }

  @Test
  void importFrom_shellConfigArchive_putsFilesBackInConfigAndHasNoSecrets() throws IOException {
    String name = "personal-ai-chatbot-full-20250102_030405-config";
    write(name + "/app_config.json", "{\"app\":{}}");
    write(
        name + "/.env.template", "# made by = REDACTED\nAPP_PORT=REDACTED\nSECRET_KEY=REDACTED\n");
    write(name + "/app/main.py", "print()\n");
    write(name + "/backup-manifest.txt", "Created: Thu Jan  2 03:04:05 UTC 2025\n");

    ExchangeReport report = repository.importFrom(
        tar(name + ".tar.gz", name), new ImportOptions(1000, 1 << 20, ZoneId.of("Europe/Berlin")));

    Snapshot snapshot = imported();
    assertThat(snapshot.started()).isEqualTo("2025-01-02T02:04:05Z");
    assertThat(snapshot.components())
        .extracting(ComponentState::name)
        .containsExactlyInAnyOrder("config", ".env.template", "app");
    assertThat(snapshot.components()).noneMatch(c -> c.kind() == Kind.SECRETS);
    assertThat(report.notes())
        .anyMatch(n -> n.startsWith(".env.template is a template without values")
            && n.endsWith("APP_PORT, SECRET_KEY"));
    Path there = restored();
    assertThat(there.resolve("config/app_config.json")).hasContent("{\"app\":{}}");
    assertThat(there.resolve(".env.template")).exists();
  }

  private Path python(String type, String... entries) throws IOException {
    Path work = data;
    Files.createDirectories(work.resolve("data/cache"));
    Files.move(work.resolve("conversations"), work.resolve("data/conversations"));
    Files.move(work.resolve("logs"), work.resolve("data/logs"));
    return tar(type + "_backup_20250102_020000.tar.gz", entries);
  }

  private void metadata(Path archive, String checksum, String... contents) throws IOException {
    String name = archive.getFileName().toString().replace(".tar.gz", "");
    Files.writeString(
        archive.resolveSibling(name + ".tar.metadata.json"),
        "{\"backup_name\":\"%s\",\"created_at\":\"2025-01-02T02:00:01.250000\",\"checksum\":\"%s\",\"contents\":[%s]}"
            .formatted(
                name,
                checksum,
                Arrays.stream(contents).map(c -> '"' + c + '"').collect(Collectors.joining(","))));
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  @Test
  void importFrom_pythonArchive_isCheckedAndTakenApart() throws Exception {
    Path archive = python("full", "data/conversations", "data/cache", "data/logs", "config");
    metadata(archive, sha256(archive), "data/logs/app.log", "data/conversations/gone.json");

    ExchangeReport report = importFrom(archive);

    assertThat(imported().started()).isEqualTo("2025-01-02T02:00:01.250Z");
    assertThat(report.snapshots()).containsOnlyKeys("conversations", "cache", "logs", "config");
    assertThat(report.notes())
        .anyMatch(n -> n.contains("1 entries that its metadata lists") && n.contains("gone.json"))
        .anyMatch(n -> n.contains("settings in data/config"))
        .noneMatch(n -> n.contains("it holds no"));
    assertThat(Trees.differences(
            data.resolve("data/conversations"), restored().resolve("conversations")))
        .isEmpty();
  }

  @Test
  void importFrom_pythonArchiveWithWrongChecksum_isRefused() throws Exception {
    Path archive = python("incremental", "data/conversations", "data/logs");
    metadata(archive, "0".repeat(64));
    assertThatThrownBy(() -> importFrom(archive))
        .isInstanceOf(ExchangeRefusedException.class)
        .hasMessageContaining("its checksum is not the one");
    assertThat(repository.snapshots()).isEmpty();
  }

  @Test
  void importFrom_pythonArchiveWithoutMetadata_saysWhatItCouldNotCheck() throws IOException {
    Path archive = python("full", "data/conversations");

    ExchangeReport report = importFrom(archive);

    assertThat(imported().started()).isEqualTo("2025-01-02T02:00:00Z");
    assertThat(report.notes())
        .anyMatch(n -> n.contains("no checksum could be compared"))
        .contains("it holds no logs", "it holds no config", "it holds no cache");
  }

  @Test
  void importFrom_pythonMetadataThatIsBroken_isNoted() throws IOException {
    Path archive = python("incremental", "data/conversations", "data/logs");
    Files.writeString(
        archive.resolveSibling("incremental_backup_20250102_020000.tar.metadata.json"), "{\"x");

    assertThat(importFrom(archive).notes()).anyMatch(n -> n.contains("cannot be read"));
    assertThat(imported().started()).isEqualTo("2025-01-02T02:00:00Z");
  }

  @Test
  void importFrom_inProcessArchive_isRead() throws IOException {
    Path directory = Files.createDirectories(temp.resolve("backups/backup_20250102_030405"));
    Files.writeString(
        directory.resolve("metadata.json"),
        "{\"name\":\"backup\",\"created_at\":\"2025-01-02T03:04:05.5\"}");
    Path archive = directory.resolve("conversations.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive))) {
      out.write("FILE:active/é.json\nSIZE:2\n{}\nFILE:active/b.json\nSIZE:0\nFILE:c\nSIZE:3\n\n\n\n"
          .getBytes(StandardCharsets.UTF_8));
    }

    ExchangeReport report = importFrom(archive);

    Snapshot snapshot = imported();
    assertThat(snapshot.started()).isEqualTo("2025-01-02T03:04:05.500Z");
    assertThat(snapshot.component("conversations").orElseThrow().kind())
        .isEqualTo(Kind.CONVERSATIONS);
    assertThat(report.files()).isEqualTo(3);
    assertThat(report.notes()).anyMatch(n -> n.contains("no modes, times, links"));
    Path there = restored().resolve("conversations");
    assertThat(there.resolve("active/b.json")).isEmptyFile();
    assertThat(there.resolve("c")).hasContent("\n\n\n");
  }

  @Test
  void importFrom_timeInTheFuture_isNotBelieved() throws IOException {
    String name = "personal-ai-chatbot-data-99990102_030405-data";
    Files.createDirectories(data.resolve(name));
    Files.move(data.resolve("logs"), data.resolve(name).resolve("logs"));

    ExchangeReport report = importFrom(tar(name + ".tar.gz", name));

    assertThat(imported().started()).isEqualTo(NOW);
    assertThat(report.notes()).anyMatch(n -> n.contains("lies in the future"));
  }
}
