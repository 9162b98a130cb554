package com.personalaichatbot.dr.core.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeNamesTest {

  @TempDir
  Path dir;

  @ParameterizedTest
  @EnabledOnOs(OS.LINUX)
  @CsvSource({"LC_ALL, POSIX, ANSI_X3.4-1968", "LANG, C, ANSI_X3.4-1968", "LANG, C.UTF-8, UTF-8"})
  void scan_rawNamesUnderAnyLocale_areExact(String variable, String locale, String encoding)
      throws Exception {
    List<String> lines = probe(variable, locale);

    assertThat(lines.get(0)).isEqualTo(encoding);
    assertThat(lines.get(lines.size() - 1)).isEqualTo("failed {}, skipped {}");
    assertThat(lines.subList(1, lines.size() - 1)).containsExactlyElementsOf(expected());
  }

  /**
   * What the system itself says about the names, past Java's text: the test does not believe the
   * code alone.
   */
  @Test
  @EnabledOnOs(OS.LINUX)
  void createdNames_seenByAnotherProgram_haveTheSameBytes() throws Exception {
    probe("LC_ALL", "POSIX");
    byte[] seen = run(List.of(
        "find",
        dir.resolve("probe").toString(),
        "-mindepth",
        "1",
        "-maxdepth",
        "1",
        "-type",
        "f",
        "-printf",
        "%f\\0"));

    List<String> names = Arrays.asList(new String(seen, StandardCharsets.ISO_8859_1).split("\0"));
    assertThat(names).hasSize(NamesProbe.NAMES.size());
    for (byte[] name : NamesProbe.NAMES) {
      assertThat(names).contains(new String(name, StandardCharsets.ISO_8859_1));
    }
  }

  private List<String> probe(String variable, String locale) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        NamesProbe.class.getName(),
        dir.resolve("probe").toString());
    builder.environment().clear();
    builder.environment().put(variable, locale);
    return new String(run(builder), StandardCharsets.US_ASCII).lines().toList();
  }

  private byte[] run(List<String> command) throws Exception {
    return run(new ProcessBuilder(command));
  }

  private byte[] run(ProcessBuilder builder) throws Exception {
    File errors = dir.resolve("errors").toFile();
    Process process = builder.redirectError(errors).start();
    byte[] output = process.getInputStream().readAllBytes();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(errors).isEmpty();
    assertThat(process.exitValue()).isZero();
    return output;
  }

  private static List<String> expected() {
    List<byte[]> names = new ArrayList<>(NamesProbe.NAMES);
    byte[] directory = {(byte) 0xfe};
    names.add(directory);
    names.sort(Arrays::compareUnsigned);
    List<String> lines = new ArrayList<>();
    HexFormat hex = HexFormat.of();
    for (byte[] name : names) {
      lines.add((name == directory ? "DIRECTORY " : "FILE ") + hex.formatHex(name) + " ");
      if (name == directory) {
        for (int i = 0; i < NamesProbe.TARGETS.size(); i++) {
          byte[] link = ("link" + i).getBytes(StandardCharsets.US_ASCII);
          lines.add(
              "SYMLINK " + hex.formatHex(link) + " " + hex.formatHex(NamesProbe.TARGETS.get(i)));
        }
      }
    }
    return lines;
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void linkTarget_existingDirectory_gainsNoSlash_andASlashStays() throws Exception {
    Path directory = Files.createDirectory(NativeNames.resolve(dir, new byte[] {(byte) 0xfe}));
    byte[] target = NativeNames.bytes(directory);
    NativeNames.createSymlink(dir.resolve("absolute"), target);
    String script = "ln -s \"$(printf '\\377/')\" \"$1\"";
    run(List.of("sh", "-c", script, "sh", dir.resolve("slash").toString()));

    assertThat(NativeNames.linkTarget(dir.resolve("absolute"))).isEqualTo(target);
    assertThat(target[target.length - 1]).isEqualTo((byte) 0xfe);
    assertThat(NativeNames.linkTarget(dir.resolve("slash"))).containsExactly(0xff, '/');
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "/", "a\0"})
  void resolve_whatIsNoSingleElement_isRefused(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);

    assertThat(NativeNames.isElement(bytes)).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> NativeNames.resolve(dir, bytes));
  }

  @Test
  void resolve_inRelativeDirectory_staysRelative() {
    Path resolved = NativeNames.resolve(Path.of("some"), new byte[] {(byte) 0xff});

    assertThat(resolved.isAbsolute()).isFalse();
    assertThat(resolved.getParent()).isEqualTo(Path.of("some"));
  }

  @Test
  void name_root_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> NativeNames.name(dir.getRoot()));
  }

  @Test
  void otherFileSystem_namesAreText() throws Exception {
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      Path directory = memory.getPath("/work");
      byte[] name = "naïve 日本".getBytes(StandardCharsets.UTF_8);
      Path file = Files.createFile(Files.createDirectories(directory).resolve("naïve 日本"));
      NativeNames.createSymlink(directory.resolve("link"), name);

      assertThat(NativeNames.resolve(directory, name)).isEqualTo(file);
      assertThat(NativeNames.name(file)).isEqualTo(name);
      assertThat(NativeNames.linkTarget(directory.resolve("link"))).isEqualTo(name);
      assertThatExceptionOfType(InvalidPathException.class)
          .isThrownBy(() -> NativeNames.resolve(directory, new byte[] {(byte) 0xff}));
    }
  }
}
