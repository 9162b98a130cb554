package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.check.WritableCheck;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that take what is written and do not keep it. */
class WritableCheckFaultTest {
  @TempDir
  private Path temp;

  private CheckResult check(FaultyFileSystem files) {
    return WritableCheck.of(files.path(temp)).check();
  }

  @Test
  void check_diskGivesBackSomethingElse_isDownAndLeavesNothing() {
    FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
    Fault lost = files.fail(FileCall.READ).meanwhile(this::emptyAll);

    CheckResult result = check(files);

    assertThat(lost.fired()).isTrue();
    assertThat(result.status()).isEqualTo(Status.DOWN);
    assertThat(result.code()).isEqualTo("READ_BACK");
    assertThat(temp).isEmptyDirectory();
  }

  private void emptyAll() throws IOException {
    try (DirectoryStream<Path> probes = Files.newDirectoryStream(temp)) {
      for (Path probe : probes) {
        Files.write(probe, new byte[26]);
      }
    }
  }

  @Test
  void check_writeFails_isDownAndLeavesNothing() {
    FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
    Fault full = files.fail(FileCall.WRITE).with(() -> new IOException("No space left on device"));

    CheckResult result = check(files);

    assertThat(full.fired()).isTrue();
    assertThat(result.code()).isEqualTo("NOT_WRITABLE");
    assertThat(result.description()).contains("No space left on device");
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void check_diskIsWhole_isUp() {
    assertThat(check(new FaultyFileSystem(temp.getFileSystem())).status()).isEqualTo(Status.UP);
    assertThat(temp).isEmptyDirectory();
  }
}
