package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Restores to file systems that are not a Unix disk, and by processes that may not do all that root
 * may. What the machine does not offer is skipped.
 */
class ForeignTargetTest {
  private static final List<String> NO_OVERRIDE = List.of(
      "setpriv",
      "--bounding-set",
      "-dac_override,-dac_read_search",
      "--inh-caps",
      "-dac_override,-dac_read_search");

  @TempDir
  private Path temp;

  private Path data;
  private Path mounted;
  private Path image;

  @BeforeEach
  void write() throws IOException {
    data = Files.createDirectory(temp.resolve("data"));
    Files.createDirectories(data.resolve("sub/deep"));
    for (String name : List.of("one", "two", "sub/three", "sub/deep/four")) {
      Files.writeString(data.resolve(name), "content of " + name);
    }
    Files.setLastModifiedTime(
        data.resolve("two"), FileTime.from(Instant.parse("1963-02-03T04:05:07Z")));
    Files.setPosixFilePermissions(
        data.resolve("sub/three"), PosixFilePermissions.fromString("r--------"));
    try (RandomAccessFile sparse = new RandomAccessFile(data.resolve("sparse").toFile(), "rw")) {
      sparse.seek(3_000_000);
      sparse.writeBytes("the end");
    }
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (mounted != null) {
      RestoreProcess.works("umount", mounted.toString());
    }
    if (image != null) {
      RestoreProcess.works(
          "sh",
          "-c",
          "losetup -j \"$1\" | cut -d: -f1 | xargs -r losetup -d",
          "sh",
          image.toString());
    }
  }

  private static boolean isRoot() throws IOException {
    return Files.isDirectory(Path.of("/proc/self"))
        && Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  private void mount(String maker, String... mounts) throws Exception {
    assumeTrue(isRoot(), "only root mounts: not tested");
    image = temp.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(64 << 20);
    }
    assumeTrue(RestoreProcess.works(maker, image.toString()), maker + " is not here: not tested");
    Path at = Files.createDirectory(temp.resolve("mounted"));
    for (String mount : mounts) {
      if (RestoreProcess.works("sh", "-c", mount, "sh", image.toString(), at.toString())) {
        mounted = at;
        return;
      }
    }
    assumeTrue(false, "this kernel does not mount what " + maker + " makes: not tested");
  }

  private void requireContent(List<String> said, Path restored, String... lost) throws IOException {
    for (String verb : List.of("to", "in place", "again")) {
      assertThat(said).contains(verb + ": " + (lost.length == 0 ? "COMPLETE" : "INCOMPLETE"));
    }
    assertThat(said).contains("undo: COMPLETE");
    assertThat(said.stream().filter(line -> line.startsWith("failed ")).distinct())
        .allMatch(line -> List.of(lost).stream().anyMatch(line::contains), "one of the lost")
        .hasSize(lost.length);
    for (String name : List.of("one", "two", "sub/three", "sub/deep/four", "sparse")) {
      assertThat(restored.resolve(name)).hasSameBinaryContentAs(data.resolve(name));
    }
    assertThat(restored.resolve(".dr-restore")).doesNotExist();
  }

  private void restoreToForeignDisk() throws Exception {
    Files.createSymbolicLink(data.resolve("link"), Path.of("one"));
    Files.createLink(data.resolve("second"), data.resolve("one"));
    Files.writeString(data.resolve("ONE"), "another one");
    Files.writeString(data.resolve("a:b"), "a colon");
    assumeTrue(
        RestoreProcess.works("chown", "1000:1000", data.resolve("two").toString()), "no chown");
    Path restored = mounted.resolve("out/data");
    List<String> said = RestoreProcess.run(List.of(), data, mounted.resolve("out"));
    // Of two names that are one the first in the order of bytes comes.
    Files.delete(data.resolve("one"));
    Files.move(data.resolve("ONE"), data.resolve("one"));
    requireContent(said, restored, "data/link", "data/one", "data/a:b");
    assertThat(restored.resolve("second")).hasContent("content of one");
    assertThat(said).anyMatch(line -> line.startsWith("note the target refused the owner"));
  }

  @Test
  void restore_toExfat_bringsAllContentAndListsTheRest() throws Exception {
    mount(
        "mkfs.exfat",
        "mount -t exfat -o loop \"$1\" \"$2\"",
        "device=$(losetup -f --show \"$1\") && mount.exfat-fuse \"$device\" \"$2\"");
    restoreToForeignDisk();
  }

  @Test
  void restore_toFat_bringsAllContentAndListsTheRest() throws Exception {
    mount("mkfs.vfat", "mount -t vfat -o loop \"$1\" \"$2\"");
    restoreToForeignDisk();
  }

  @Test
  void restore_inAUserNamespace_bringsAllContent() throws Exception {
    List<String> namespace = List.of("unshare", "-Ur");
    assumeTrue(
        isRoot() && RestoreProcess.works("unshare", "-Ur", "true"),
        "no user namespaces for root here: not tested");
    RestoreProcess.works("chown", "-R", "1000:1000", data.resolve("sub/deep").toString());
    List<String> said = RestoreProcess.run(namespace, data, temp.resolve("out"));
    requireContent(said, temp.resolve("out/data"));
    assertThat(said).anyMatch(line -> line.startsWith("note the target refused the owner"));
  }

  @Test
  void restore_overReadOnlyDirectories_writesIntoThemAndSetsThemBack() throws Exception {
    List<String> command = isRoot() ? NO_OVERRIDE : List.of();
    assumeTrue(
        !isRoot() || RestoreProcess.works("setpriv", "--bounding-set", "-dac_override", "true"),
        "no setpriv here: not tested");
    for (String directory : List.of("sub/deep", "sub", ".")) {
      Files.setPosixFilePermissions(
          data.resolve(directory), PosixFilePermissions.fromString("r-xr-xr-x"));
    }
    List<String> said = RestoreProcess.run(command, data, temp.resolve("out"));
    try {
      requireContent(said, temp.resolve("out/data"));
      for (String directory : List.of("sub/deep", "sub", ".")) {
        assertThat(Files.getPosixFilePermissions(temp.resolve("out/data").resolve(directory)))
            .as(directory)
            .isEqualTo(PosixFilePermissions.fromString("r-xr-xr-x"));
      }
    } finally {
      RestoreProcess.works("chmod", "-R", "u+w", temp.toString());
    }
  }
}
