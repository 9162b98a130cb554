package com.personalaichatbot.dr.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OursTest {
  @TempDir
  private Path directory;

  @Test
  void restore_afterBackUps_givesWhatWasSavedLast() throws Exception {
    Path source = directory.resolve("data");
    SampleData data = new SampleData(source, 2_000);
    data.make(300_000);
    Path target = Files.createDirectory(directory.resolve("target"));
    try (Ours ours = new Ours()) {
      ours.create(directory.resolve("repository"));
      ours.backUp(source);
      data.changeOneIn(100, 0);
      ours.backUp(source);
      ours.verify();
      ours.restore(target);
    }

    for (Path file : SampleData.files(source)) {
      assertThat(target.resolve("data").resolve(source.relativize(file)))
          .hasSameBinaryContentAs(file);
    }
  }
}
