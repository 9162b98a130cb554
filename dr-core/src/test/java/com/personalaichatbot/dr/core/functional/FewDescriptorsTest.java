package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process with fewer descriptors left than a backup would like to have. */
@EnabledOnOs(OS.LINUX)
class FewDescriptorsTest {

  @Test
  @Timeout(300)
  void backUp_fewDescriptorsLeft_isCompleteAndGivesThemBack(@TempDir Path temp)
      throws IOException, InterruptedException {
    ProcessBuilder command = new ProcessBuilder(List.of(
            "sh",
            "-c",
            "ulimit -n 512 && exec \"$@\"",
            "sh",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            FewDescriptorsProcess.class.getName(),
            temp.resolve("data").toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT);
    command.environment().clear();
    command.environment().put("LC_ALL", "C.UTF-8");
    Process process = command.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(said.strip()).isEqualTo("COMPLETE all left 0 damages");
  }
}
