package com.personalaichatbot.dr.health.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.health.SampleData;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class HardeningPlanTest {

  @TempDir
  Path directory;

  private Path data;

  @BeforeEach
  void create() throws IOException {
    data = SampleData.create(directory.resolve("data")).toRealPath();
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void plan_privateTree_isEmpty() {
    HardeningPlan plan = HardeningPlan.of(data);
    assertThat(plan.changes()).isEmpty();
    assertThat(plan.execute().changed()).isEmpty();
    assertThat(plan.toString()).isEmpty();
  }

  @Test
  void plan_openPaths_changesNothingYetAndPrints() throws Exception {
    SampleData.mode(data, "rwxr-xr-x");
    SampleData.mode(data.resolve(".env"), "rw-r--r--");
    HardeningPlan plan = HardeningPlan.of(data);
    assertThat(plan)
        .hasToString("rwxr-xr-x -> rwx------  " + data + "\nrw-r--r-- -> rw-------  "
            + data.resolve(".env"));
    assertThat(mode(data)).isEqualTo("rwxr-xr-x");
  }

  @Test
  void execute_thenUndo_restoresEveryMode() throws Exception {
    Path script = Files.writeString(data.resolve("run.sh"), "x");
    SampleData.mode(script, "rwxr-x--x");
    SampleData.mode(data.resolve("conversations/active"), "rwxrwxrwx");
    SampleData.mode(data.resolve("logs"), "r-xr-xr-x");
    SampleData.mode(data.resolve("logs/app.log"), "r--rw-rw-");
    HardeningReport report = HardeningPlan.of(data).execute();
    assertThat(report.failures()).isEmpty();
    assertThat(report.changed()).hasSize(4);
    assertThat(mode(script)).isEqualTo("rwx------");
    assertThat(mode(data.resolve("conversations/active"))).isEqualTo("rwx------");
    assertThat(mode(data.resolve("logs"))).isEqualTo("r-x------");
    assertThat(mode(data.resolve("logs/app.log"))).isEqualTo("r--------");
    assertThat(HardeningPlan.of(data).changes()).isEmpty();
    HardeningReport undone = report.undo().execute();
    assertThat(undone.changed()).hasSize(4);
    assertThat(mode(script)).isEqualTo("rwxr-x--x");
    assertThat(mode(data.resolve("conversations/active"))).isEqualTo("rwxrwxrwx");
    assertThat(mode(data.resolve("logs"))).isEqualTo("r-xr-xr-x");
    assertThat(mode(data.resolve("logs/app.log"))).isEqualTo("r--rw-rw-");
  }

  @Test
  void plan_linksLoopsAndPipes_areNotedAndLeftAlone() throws Exception {
    Path outside = Files.writeString(directory.resolve("outside"), "x");
    SampleData.mode(outside, "rw-rw-rw-");
    Files.createSymbolicLink(data.resolve("link"), outside);
    Files.createSymbolicLink(data.resolve("loop"), data);
    Path pipe = data.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    HardeningReport report = HardeningPlan.of(data).execute();
    assertThat(report.changed()).isEmpty();
    assertThat(report.notes())
        .hasSize(3)
        .anyMatch(note -> note.path().endsWith("loop") && note.text().startsWith("is a link"));
    assertThat(mode(outside)).isEqualTo("rw-rw-rw-");
  }

  @Test
  void execute_fileReplacedByALinkSincePlan_isLeftAlone() throws Exception {
    Path victim = Files.writeString(directory.resolve("victim"), "x");
    SampleData.mode(victim, "rw-r--r--");
    Path file = data.resolve("logs/app.log");
    SampleData.mode(file, "rw-r--r--");
    HardeningPlan plan = HardeningPlan.of(data);
    Files.delete(file);
    Files.createSymbolicLink(file, victim);
    HardeningReport report = plan.execute();
    assertThat(report.changed()).isEmpty();
    assertThat(report.notes().size() + report.failures().size()).isEqualTo(1);
    assertThat(mode(victim)).isEqualTo("rw-r--r--");
  }

  @Test
  void execute_directoryReplacedByALinkSincePlan_doesNotReachThroughIt() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path victim = Files.writeString(elsewhere.resolve("app.log"), "x");
    SampleData.mode(victim, "rw-r--r--");
    SampleData.mode(data.resolve("logs/app.log"), "rw-r--r--");
    HardeningPlan plan = HardeningPlan.of(data);
    assertThat(plan.changes()).hasSize(1);
    Files.move(data.resolve("logs"), directory.resolve("moved"));
    Files.createSymbolicLink(data.resolve("logs"), elsewhere);
    HardeningReport report = plan.execute();
    assertThat(report.failures()).hasSize(1);
    assertThat(mode(victim)).isEqualTo("rw-r--r--");
  }

  @Test
  void execute_rootReplacedByALinkSincePlan_doesNotReachThroughIt() throws Exception {
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere/logs"));
    Path victim = Files.writeString(elsewhere.resolve("app.log"), "x");
    SampleData.mode(victim, "rw-r--r--");
    SampleData.mode(data.resolve("logs/app.log"), "rw-r--r--");
    HardeningPlan plan = HardeningPlan.of(data);
    Files.move(data, directory.resolve("moved"));
    Files.createSymbolicLink(data, directory.resolve("elsewhere"));
    HardeningReport report = plan.execute();
    assertThat(report.failures()).hasSize(1);
    assertThat(mode(victim)).isEqualTo("rw-r--r--");
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void open_pipeInThePlaceOfTheFile_isRefusedAtOnce() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fdinfo")), "a Linux is needed: not tested");
    Path pipe = data.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(data)) {
      assertThatThrownBy(
              () -> OpenFile.open((SecureDirectoryStream<Path>) stream, pipe.getFileName()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void execute_modeChangedSincePlan_isLeftAlone() throws Exception {
    Path file = data.resolve("logs/app.log");
    SampleData.mode(file, "rw-r--r--");
    HardeningPlan plan = HardeningPlan.of(data);
    SampleData.mode(file, "rw-rw-rw-");
    assertThat(plan.execute().notes()).singleElement().asString().contains("changed since");
    assertThat(mode(file)).isEqualTo("rw-rw-rw-");
  }

  @Test
  void execute_pathGoneOrRootGone_isAFailureAndTheRestGoesOn() throws Exception {
    SampleData.mode(data.resolve("logs/app.log"), "rw-r--r--");
    SampleData.mode(data.resolve(".env"), "rw-r--r--");
    HardeningPlan plan = HardeningPlan.of(data);
    Files.delete(data.resolve(".env"));
    HardeningReport report = plan.execute();
    assertThat(report.failures())
        .extracting(f -> f.path().getFileName().toString())
        .containsExactly(".env");
    assertThat(report.changed()).hasSize(1);
    assertThat(HardeningPlan.of(directory.resolve("nothing")).execute().failures())
        .hasSize(1);
  }

  @Test
  void plan_ofGivenChanges_staysInTheRoot() {
    PermissionChange out = new PermissionChange(directory.resolve("x"), "rwx------", "rwxrwxrwx");
    PermissionChange sly = new PermissionChange(data.resolve("../x"), "rwx------", "rwxrwxrwx");
    for (PermissionChange change : List.of(out, sly)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> HardeningPlan.of(data, List.of(change)));
    }
  }

  @Test
  void execute_accessControlLists_leavesTheOwnerAloneAndUndoes() throws Exception {
    Configuration windows = Configuration.windows().toBuilder()
        .setAttributeViews("basic", "owner", "acl", "dos")
        .build();
    try (FileSystem fileSystem = Jimfs.newFileSystem(windows)) {
      Path root = Files.createDirectory(fileSystem.getPath("C:\\data"));
      Path env = Files.createFile(root.resolve(".env"));
      AclFileAttributeView view = Files.getFileAttributeView(env, AclFileAttributeView.class);
      var lookup = fileSystem.getUserPrincipalLookupService();
      List<AclEntry> before = List.of(
          AclEntry.newBuilder()
              .setType(AclEntryType.ALLOW)
              .setPrincipal(lookup.lookupPrincipalByGroupName("Everyone"))
              .setPermissions(AclEntryPermission.READ_DATA, AclEntryPermission.WRITE_DATA)
              .setFlags(AclEntryFlag.FILE_INHERIT)
              .build(),
          AclEntry.newBuilder()
              .setType(AclEntryType.DENY)
              .setPrincipal(lookup.lookupPrincipalByName("guest"))
              .setPermissions(Set.of(AclEntryPermission.DELETE))
              .build());
      view.setAcl(before);
      HardeningReport report = HardeningPlan.of(root).execute();
      assertThat(report.failures()).isEmpty();
      assertThat(report.changed()).extracting(PermissionChange::path).containsExactly(env);
      assertThat(view.getAcl())
          .singleElement()
          .satisfies(e -> assertThat(e.principal()).isEqualTo(view.getOwner()));
      assertThat(HardeningPlan.of(root).changes()).isEmpty();
      assertThat(report.undo().execute().failures()).isEmpty();
      assertThat(view.getAcl().toString()).contains("Everyone", "guest");
      assertThat(view.getAcl()).hasSize(2);
    }
  }
}
