package com.personalaichatbot.dr.core.internal.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeWatchTest {
  @TempDir
  Path data;

  private ChangeWatch watch;

  @BeforeEach
  void begin() throws IOException {
    Files.createDirectories(data.resolve("config"));
    Files.writeString(data.resolve("config/app.json"), "{}");
    Files.writeString(data.resolve(".env"), "KEY=1");
    watch = new ChangeWatch(List.of(
        Component.directory("config", Kind.CONFIG, data.resolve("config")),
        Component.file("env", Kind.SECRETS, data.resolve(".env"))));
  }

  private List<String> changed() {
    return watch.changed().stream().map(Component::name).toList();
  }

  @Test
  void changed_nothingChanged_isEmpty() {
    assertThat(changed()).isEmpty();
    assertThat(changed()).isEmpty();
  }

  @Test
  void changed_afterAChange_isTheComponentOnce_whenItIsAtRest() throws IOException {
    Files.writeString(data.resolve(".env"), "KEY=22");
    assertThat(changed()).isEmpty();
    assertThat(changed()).containsExactly("env");
    assertThat(changed()).isEmpty();
  }

  @Test
  void changed_whileItGoesOnChanging_waits() throws IOException {
    for (int i = 0; i < 3; i++) {
      Files.writeString(data.resolve("config/app.json"), "x".repeat(10 + i));
      assertThat(changed()).isEmpty();
    }
    assertThat(changed()).containsExactly("config");
  }

  @Test
  void changed_afterReplaceDeleteAndNewFile_isSeen() throws IOException {
    Files.writeString(data.resolve("new"), "KEY=1");
    Files.move(data.resolve("new"), data.resolve(".env"), StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(data.resolve("config/more.json"), "{}");
    assertThat(changed()).isEmpty();
    assertThat(changed()).containsExactly("config", "env");
    Files.delete(data.resolve(".env"));
    assertThat(changed()).isEmpty();
    assertThat(changed()).containsExactly("env");
  }
}
