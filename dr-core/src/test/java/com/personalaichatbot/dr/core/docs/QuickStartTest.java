package com.personalaichatbot.dr.core.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program that README shows, compiled as it is there and run. */
class QuickStartTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\R(.*?)^```$");

  @TempDir
  private Path home;

  @TempDir
  private Path classes;

  private Path file;

  @BeforeEach
  void writeData() throws IOException {
    file = Files.createDirectories(home.resolve("data")).resolve("one.json");
    Files.writeString(file, "good");
  }

  /** Returns the program, as a user pastes it. */
  static String program() throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(Checkout.ROOT.resolve("README.md")));
    assertThat(block.find()).isTrue();
    assertThat(block.group(1)).contains("public class Upgrade");
    return block.group(1);
  }

  @Test
  void quickStart_upgradeThatFails_restoresTheData() throws Exception {
    run(program(), () -> {
      Files.writeString(file, "broken");
      return false;
    });

    assertThat(file).hasContent("good");
    assertThat(home.resolve("state")).isNotEmptyDirectory();
  }

  @Test
  void quickStart_upgradeThatThrows_restoresTheData() {
    assertThatIOException()
        .isThrownBy(() -> run(program(), () -> {
          Files.delete(file);
          throw new IOException("upgrade");
        }))
        .withMessage("upgrade");

    assertThat(file).hasContent("good");
  }

  @Test
  void quickStart_upgradeThatWorks_keepsItsData_alsoTheSecondTime() throws Exception {
    for (String version : new String[] {"new", "newer"}) {
      run(program(), () -> {
        Files.writeString(file, version);
        return true;
      });
    }

    assertThat(file).hasContent("newer");
  }

  @Test
  void quickStart_withoutState_restoresTheDataAllTheSame() throws Exception {
    String without = program().replaceFirst("(?m)^ *\\.state\\(.*\\R", "");
    assertThat(without).doesNotContain("state(home");

    run(without, () -> {
      Files.writeString(file, "broken");
      return false;
    });

    assertThat(file).hasContent("good");
    assertThat(home.resolve("state")).doesNotExist();
  }

  @Test
  void quickStart_withoutState_butWithASchedule_saysWhatToWrite() throws Exception {
    String without = program()
        .replaceFirst("(?m)^ *\\.state\\(.*\\R", "")
        .replace("boolean upgraded", "recovery.schedule().build().start(); boolean upgraded");

    assertThatIllegalStateException()
        .isThrownBy(() -> run(without, () -> true))
        .withMessageContaining("write .state(PATH) when you build DisasterRecovery");
  }

  private void run(String program, Callable<Boolean> upgrade) throws Exception {
    Path source = Files.writeString(classes.resolve("Upgrade.java"), program);
    String path = Stream.of("java.class.path", "jdk.module.path")
        .map(name -> System.getProperty(name, ""))
        .collect(Collectors.joining(File.pathSeparator));
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int result = ToolProvider.getSystemJavaCompiler()
        .run(
            null,
            messages,
            messages,
            "-proc:none",
            "-Xlint:all,-path,-processing",
            "-cp",
            path,
            "-d",
            classes.toString(),
            source.toString());
    assertThat(result).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    URL[] urls = {classes.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, getClass().getClassLoader())) {
      Method run = loader
          .loadClass("Upgrade")
          .getDeclaredMethod("run", Path.class, char[].class, Callable.class);
      run.setAccessible(true);
      run.invoke(null, home, "words that nobody guesses".toCharArray(), upgrade);
    } catch (InvocationTargetException e) {
      throw (Exception) e.getCause();
    }
  }
}
