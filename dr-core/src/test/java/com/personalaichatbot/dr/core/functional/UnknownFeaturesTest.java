package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.format.RepositoryFormat;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.UnsupportedFormatException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A later version may set feature bits: each takes away one ability and no other. */
class UnknownFeaturesTest {
  @TempDir
  Path data;

  private MemoryStorage storage = new MemoryStorage();
  private SnapshotId snapshot;

  @BeforeEach
  void makeRepository() throws IOException {
    Files.writeString(data.resolve("one"), "text");
    try (RootKey root = TestKeys.root();
        BackupRepository repository = BackupRepository.builder(storage).create(root)) {
      snapshot = backUp(repository);
    }
  }

  private SnapshotId backUp(BackupRepository repository) throws IOException {
    List<Component> components = List.of(Component.directory("data", Kind.CUSTOM, data));
    return repository
        .backUp(components, BackupOptions.of(Purpose.MANUAL))
        .snapshot()
        .orElseThrow()
        .id();
  }

  /** Opens the repository after a later version has set these bits in FORMAT. */
  private BackupRepository openWith(long read, long write, long prune) throws Exception {
    storage = storage.crash();
    try (RootKey root = TestKeys.root()) {
      Tampering files = Tampering.on(storage);
      RepositoryFormat f = RepositoryFormat.parse(files.read("FORMAT"));
      RepositoryFormat later = new RepositoryFormat(
          f.repositoryId(),
          f.version(),
          f.minimumReader(),
          read,
          write,
          prune,
          f.suite(),
          f.codec(),
          f.minChunk(),
          f.averageChunk(),
          f.maxChunk(),
          f.packTarget(),
          f.packLimit(),
          f.packBlobs(),
          f.kdfMemoryKiB(),
          f.kdfIterations(),
          f.kdfParallelism(),
          f.derivation());
      byte[] text = later.unauthenticated();
      try (RepositoryKeys keys = root.derive(f.repositoryId().toBytes(), f.suite(), 1)) {
        byte[] file = later.encode(keys.formatMac(text, 0, text.length));
        files.replace("FORMAT", file);
        files.replace("FORMAT.copy", file);
      }
      return BackupRepository.builder(storage).open(root);
    }
  }

  @Test
  void open_withUnknownReadFeature_isRefused() {
    assertThatThrownBy(() -> openWith(1, 0, 0)).isInstanceOf(UnsupportedFormatException.class);
  }

  @Test
  void write_withUnknownWriteFeature_isRefused_andReadingGoesOn() throws Exception {
    try (BackupRepository repository = openWith(0, 1, 0)) {
      String head = repository.head();
      PrunePlan plan = repository.planForget(Set.of(snapshot), PruneOptions.NOW);
      assertThatThrownBy(() -> backUp(repository)).isInstanceOf(UnsupportedFormatException.class);
      assertThatThrownBy(() -> repository.markSuspect(snapshot))
          .isInstanceOf(UnsupportedFormatException.class);
      assertThatThrownBy(() -> repository.prune(plan))
          .isInstanceOf(UnsupportedFormatException.class);
      assertThatThrownBy(() -> repository.keys().remove("0"))
          .isInstanceOf(UnsupportedFormatException.class);

      VerifyReport verify = repository.verify(VerifyOptions.readAll());
      assertThat(verify.status()).isEqualTo(VerifyReport.Status.CLEAN);
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      repository.read(snapshot, "data/one", content);
      assertThat(content.toString(StandardCharsets.UTF_8)).isEqualTo("text");
      assertThat(repository.head()).isEqualTo(head);
    }
  }

  @Test
  void prune_withUnknownPruneFeature_isRefused_andWritingGoesOn() throws Exception {
    try (BackupRepository repository = openWith(0, 0, 1)) {
      PrunePlan plan = repository.planForget(Set.of(snapshot), PruneOptions.NOW);
      assertThatThrownBy(() -> repository.prune(plan))
          .isInstanceOf(UnsupportedFormatException.class);
      assertThat(backUp(repository)).isNotEqualTo(snapshot);
    }
  }
}
