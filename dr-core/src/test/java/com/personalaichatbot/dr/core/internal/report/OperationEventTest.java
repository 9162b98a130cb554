package com.personalaichatbot.dr.core.internal.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationEventTest {
  @TempDir
  Path place;

  @Test
  void operations_areSeenByTheFlightRecorder() throws IOException {
    Path data = Files.createDirectory(place.resolve("data"));
    Files.writeString(data.resolve("a"), "hello");
    Path file = place.resolve("recording.jfr");
    try (RootKey root = RootKey.of(new byte[32]);
        BackupRepository repository =
            BackupRepository.builder(new MemoryStorage()).create(root);
        Recording recording = new Recording()) {
      recording.enable("com.personalaichatbot.dr.Operation");
      recording.start();
      repository.backUp(
          List.of(Component.directory("data", Kind.CUSTOM, data)),
          BackupOptions.of(Purpose.MANUAL));
      assertThatThrownBy(() -> repository.release(new SnapshotId(1, 2)))
          .isInstanceOf(IOException.class);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
        .filter(e -> e.getEventType().getName().equals("com.personalaichatbot.dr.Operation"))
        .toList();
    assertThat(events)
        .extracting(e -> e.getString("operation"), e -> e.getBoolean("succeeded"))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("backUp", true),
            org.assertj.core.groups.Tuple.tuple("mark", false));
  }
}
