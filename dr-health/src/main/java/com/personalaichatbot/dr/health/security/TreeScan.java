package com.personalaichatbot.dr.health.security;

import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.internal.file.Findings;
import com.personalaichatbot.dr.health.internal.file.Modes;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks at each path of a tree once. Paths in findings begin as the user wrote the directory. */
final class TreeScan extends SimpleFileVisitor<Path> {

  private static final Pattern SECRET = Pattern.compile(
      "\\.env(\\..*)?|.*\\.(key|pem|p12|pfx|jks|keystore|enc|backup)|.*\\.tar(\\.gz|\\.zst)?(\\.enc)?|(app_)?config\\.json");
  private static final Pattern KEY = Pattern.compile(".*\\.key|.*private.*\\.pem");
  private static final Pattern LOG = Pattern.compile(".*\\.log(\\.[0-9]+)?");
  private static final String HARDEN = "remove the rights of group and others; harden does that";

  private final Path shown;
  private final Path root;
  private final Map<String, String> own;
  private final Findings findings;
  private final Optional<UserPrincipal> owner;

  TreeScan(Path shown, Path root, Map<String, String> own, Findings findings) {
    this.shown = shown;
    this.root = root;
    this.own = own;
    this.findings = findings;
    this.owner = Modes.of(root).map(PosixFileAttributes::owner);
  }

  void run() throws IOException {
    Files.walkFileTree(root, this);
  }

  private Path show(Path path) {
    return path.equals(root) ? shown : shown.resolve(root.relativize(path));
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
    boolean secret = directory.equals(root) || directory.equals(root.resolve("backups"));
    rights(directory, secret, true);
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    String name = file.getFileName().toString();
    if (attributes.isSymbolicLink()) {
      link(file);
    } else if (attributes.isRegularFile()) {
      boolean secret = SECRET.matcher(name).matches() || file.startsWith(root.resolve("backups"));
      rights(file, secret, false);
      content(file, name);
    } else {
      findings.add(
          Severity.WARNING,
          "SPECIAL_FILE",
          show(file),
          "is neither file nor directory",
          "remove it");
    }
    return FileVisitResult.CONTINUE;
  }

  private void link(Path link) {
    try {
      if (!link.toRealPath().startsWith(root)) {
        findings.add(
            Severity.WARNING,
            "LINK_LEAVES_TREE",
            show(link),
            "is a link to a place outside the data",
            "put the file or directory here, or remove the link");
      }
    } catch (IOException broken) {
      findings.add(
          Severity.INFO, "LINK_BROKEN", show(link), "is a link that leads nowhere", "remove it");
    }
  }

  private void content(Path file, String name) {
    Path parent = file.getParent();
    if (KEY.matcher(name).matches()) {
      findings.add(
          Severity.WARNING,
          "KEY_BESIDE_DATA",
          show(file),
          "is a key that lies beside what it encrypts, so each copy of the data holds it",
          "keep it outside the data directory");
    }
    if (LOG.matcher(name).matches() || parent.startsWith(root.resolve("logs"))) {
      scan(file, Severity.ERROR, "SECRET_IN_LOG");
    } else if (parent.equals(root.resolve("config")) && name.endsWith(".json")) {
      scan(file, Severity.WARNING, "SECRET_IN_CONFIG");
    }
  }

  private void scan(Path file, Severity severity, String code) {
    new SecretScan(show(file), SecretScan.MOST, own, severity, code, findings).run();
  }

  private void rights(Path path, boolean secret, boolean directory) {
    Optional<PosixFileAttributes> attributes = Modes.of(path);
    if (attributes.isEmpty()) {
      acl(path, secret);
      return;
    }
    Set<PosixFilePermission> mode = attributes.get().permissions();
    String text = "its mode is " + PosixFilePermissions.toString(mode);
    if (mode.contains(PosixFilePermission.OTHERS_WRITE)) {
      findings.add(
          Severity.ERROR, "WORLD_WRITABLE", show(path), "everybody may write it: " + text, HARDEN);
    } else if (!Modes.isPrivate(mode)) {
      Severity severity = secret ? Severity.ERROR : Severity.WARNING;
      String expected = directory ? ", not 700" : ", not 600";
      findings.add(severity, "MODE", show(path), text + expected, HARDEN);
    }
    if (owner.isPresent() && !owner.get().equals(attributes.get().owner())) {
      findings.add(
          Severity.WARNING,
          "FOREIGN_OWNER",
          show(path),
          "belongs to " + attributes.get().owner().getName() + ", the data to "
              + owner.get().getName(),
          "give it to the application's user");
    }
  }

  private void acl(Path path, boolean secret) {
    try {
      if (Files.getFileStore(path).supportsFileAttributeView("acl") && !AclRights.isPrivate(path)) {
        findings.add(
            secret ? Severity.ERROR : Severity.WARNING,
            "ACL",
            show(path),
            "others than the owner are allowed to use it",
            HARDEN);
      }
    } catch (IOException failure) {
      visitFileFailed(path, failure);
    }
  }

  @Override
  public FileVisitResult visitFileFailed(Path path, IOException failure) {
    String message = "cannot be looked at: " + failure.getClass().getSimpleName();
    Severity severity = path.equals(root) ? Severity.ERROR : Severity.WARNING;
    findings.add(severity, "UNREADABLE", show(path), message, "check its mode and owner");
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, IOException failure) {
    return failure == null ? FileVisitResult.CONTINUE : visitFileFailed(directory, failure);
  }
}
