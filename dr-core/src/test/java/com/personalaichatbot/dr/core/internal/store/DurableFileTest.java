package com.personalaichatbot.dr.core.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DurableFileTest {
  private static final byte[] NEW = "new".getBytes(StandardCharsets.US_ASCII);

  @AutoClose
  private final FileSystem disk = Jimfs.newFileSystem(Configuration.unix());

  private final FaultyFileSystem files = new FaultyFileSystem(disk);
  private final Path file = files.getPath("/state/head");

  @BeforeEach
  void writeOld() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "old");
  }

  @Test
  void replace_file_isNewWholeAndTheOwnersAlone(@TempDir Path directory) throws IOException {
    Path real = Files.writeString(directory.resolve("head"), "a much older one");

    DurableFile.replace(real, NEW, DurableFile.OWNER);

    assertThat(real).hasContent("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
        .isEqualTo(DurableFile.OWNER);
    assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
  }

  @ParameterizedTest
  @EnumSource(
      value = FileCall.class,
      names = {"OPEN", "WRITE", "FORCE", "MOVE"})
  void replace_anyCallFails_leavesTheOldAndNamesTheFile(FileCall call) throws IOException {
    Fault full =
        files.fail(call).with(() -> new IOException("No space left on device")).once();

    assertThatIOException()
        .isThrownBy(() -> DurableFile.replace(file, NEW, DurableFile.OWNER))
        .withMessage("/state/head: No space left on device");

    assertThat(full.fired()).isTrue();
    assertThat(file).hasContent("old");
    assertThat(file.getParent()).isDirectoryNotContaining("glob:**.tmp");
  }
}
