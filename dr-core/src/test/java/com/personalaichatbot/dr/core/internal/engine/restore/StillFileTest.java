package com.personalaichatbot.dr.core.internal.engine.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.personalaichatbot.dr.core.internal.engine.restore.exchange.FileMetadata;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreArea;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreFindings;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.StillFile;
import com.personalaichatbot.dr.core.internal.scan.FileStat;
import com.personalaichatbot.dr.core.internal.scan.HeldDirectory;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that its owner exchanges for a link while it gets its metadata. Needs root on Linux. */
class StillFileTest {
  private static final int OWNER = 54_321;

  @TempDir
  private Path temp;

  private Path data;
  private Path outside;
  private RestoreArea.Run run;
  private boolean mounted;

  @BeforeEach
  void make() throws IOException {
    assumeTrue(
        HeldDirectory.isOffered(temp)
            && Integer.valueOf(0).equals(Files.getAttribute(temp, "unix:uid")),
        "only root on Linux changes the files of others: not tested");
    data = Files.createDirectory(temp.resolve("data"));
    outside = Files.writeString(temp.resolve("outside"), "outside");
    Path directory = Files.createDirectories(temp.resolve("run"));
    run = new RestoreArea.Run(directory, 1, directory, new TargetDirectories(data));
  }

  @AfterEach
  void unmount() throws Exception {
    if (run != null) {
      run.target().close();
    }
    if (mounted) {
      run("umount", data.toString());
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }

  private void applyWhileExchanged() throws IOException {
    Files.setAttribute(data, "unix:uid", OWNER);
    Path file = Files.writeString(data.resolve("file"), "content");
    Object before = Files.readAttributes(outside, "unix:mode,uid,gid,lastModifiedTime");
    FileMetadata metadata = new FileMetadata(data.getFileSystem(), new RestoreFindings());
    FileStat wanted = FileStat.read(Files.writeString(temp.resolve("wanted"), "wanted"));
    Files.setAttribute(temp.resolve("wanted"), "unix:mode", 0751);
    Files.setAttribute(temp.resolve("wanted"), "unix:uid", OWNER + 1);
    FileStat attributes = FileStat.read(temp.resolve("wanted"));
    assertThat(attributes.attributes().mode()).isNotEqualTo(wanted.attributes().mode());
    Path live = run.target().resolve(file);

    StillFile.use(run, run.target(), 1, live, still -> {
      Files.move(file, data.resolve("away"));
      Files.createSymbolicLink(file, outside);
      metadata.apply(still.path(), new byte[] {'f'}, attributes.attributes());
      return still;
    });

    assertThat(Files.readAttributes(outside, "unix:mode,uid,gid,lastModifiedTime"))
        .isEqualTo(before);
    FileStat moved = FileStat.read(data.resolve("away"));
    assertThat(moved.attributes().mode()).isEqualTo(0751);
    assertThat(moved.attributes().uid()).isEqualTo(OWNER + 1);
    assertThat(moved.attributes().mtimeNanos())
        .isEqualTo(attributes.attributes().mtimeNanos());
  }

  @Test
  void use_fileExchangedForALink_changesTheFile() throws IOException {
    applyWhileExchanged();
  }

  @Test
  void use_fileOnAnotherVolumeExchangedForALink_changesTheFile() throws Exception {
    assumeTrue(
        run("mount", "-t", "tmpfs", "none", data.toString()),
        "file systems may not be mounted here: not tested");
    mounted = true;
    applyWhileExchanged();
  }
}
