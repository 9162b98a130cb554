package com.personalaichatbot.dr.core.recovery.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs in a directory whose owner puts a link in its place. Needs root on Linux. */
class LogCleanupTargetTest {
  private static final int OWNER = 54_321;

  @TempDir
  private Path temp;

  @Test
  void remove_componentExchangedForALink_removesNothingThere() throws IOException {
    assumeTrue(
        Files.isDirectory(Path.of("/proc/self/fdinfo"))
            && Integer.valueOf(0).equals(Files.getAttribute(temp, "unix:uid")),
        "only root on Linux works in the directories of others: not tested");
    Path real = temp.toRealPath();
    Path user = Files.createDirectory(real.resolve("user"));
    Path logs = Files.createDirectory(user.resolve("logs"));
    Path outside = Files.createDirectory(real.resolve("outside"));
    Path kept = Files.writeString(outside.resolve("old.log"), "x");
    Path old = Files.writeString(logs.resolve("old.log"), "x");
    Files.setAttribute(user, "unix:uid", OWNER);
    Instant limit = Instant.MAX;
    assertThat(LogCleanup.remove(logs, Path.of("old.log"), limit)).isTrue();
    assertThat(old).doesNotExist();

    Files.delete(logs);
    Files.createSymbolicLink(logs, outside);
    Files.setAttribute(logs, "unix:uid", OWNER, LinkOption.NOFOLLOW_LINKS);
    assertThatThrownBy(() -> LogCleanup.remove(logs, Path.of("old.log"), limit))
        .isInstanceOf(IOException.class);
    assertThat(kept).exists();
  }
}
