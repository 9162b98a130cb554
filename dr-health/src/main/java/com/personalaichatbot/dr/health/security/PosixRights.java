package com.personalaichatbot.dr.health.security;

import com.personalaichatbot.dr.health.internal.file.Modes;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Modes.
 *
 * <p>Whoever may write in the tree could put a link in the place of a directory between plan and
 * execution, and have the rights of a file elsewhere changed. So a path is not handed to the system
 * as a whole: where the platform can, each directory is opened from the one above it, and no step
 * follows a link. The mode is changed on the open file, which no pipe in its place makes wait.
 * Directories on the way to the current path are kept open.
 */
final class PosixRights extends Rights {

  private final Path root;
  private final List<SecureDirectoryStream<Path>> opened = new ArrayList<>();
  private Path openedPath;

  PosixRights(Path root) {
    this.root = root;
  }

  @Override
  Optional<PermissionChange> plan(Path path) throws IOException {
    Set<PosixFilePermission> mode = direct(path).readAttributes().permissions();
    return Modes.isPrivate(mode)
        ? Optional.empty()
        : Optional.of(new PermissionChange(
            path,
            PosixFilePermissions.toString(mode),
            PosixFilePermissions.toString(Modes.ownersShare(mode))));
  }

  @Override
  Optional<String> change(PermissionChange change) throws IOException {
    try (OpenFile file = openFile(change.path())) {
      return change(change, file == null ? view(change.path()) : file.view());
    }
  }

  private static Optional<String> change(PermissionChange change, PosixFileAttributeView view)
      throws IOException {
    PosixFileAttributes now = view.readAttributes();
    boolean ours = now.isRegularFile() || now.isDirectory();
    if (!ours || !PosixFilePermissions.toString(now.permissions()).equals(change.from())) {
      return Optional.of(CHANGED_SINCE);
    }
    view.setPermissions(PosixFilePermissions.fromString(change.to()));
    return Optional.empty();
  }

  private static PosixFileAttributeView direct(Path path) {
    return Files.getFileAttributeView(
        path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** Opens a regular file, where that is possible without waiting; else gives null. */
  private OpenFile openFile(Path path) throws IOException {
    if (!view(path).readAttributes().isRegularFile()) {
      return null;
    }
    SecureDirectoryStream<Path> directory = opened.isEmpty() ? null : opened.get(opened.size() - 1);
    return directory == null ? null : OpenFile.open(directory, path.getFileName());
  }

  private PosixFileAttributeView view(Path path) throws IOException {
    if (path.getParent() == null) {
      return direct(path);
    }
    open(path.getParent());
    return opened.isEmpty()
        ? direct(path)
        : opened
            .get(opened.size() - 1)
            .getFileAttributeView(
                path.getFileName(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  private void open(Path directory) throws IOException {
    if (directory.equals(openedPath)) {
      return;
    }
    close();
    Path absolute = directory.toAbsolutePath();
    try {
      open(absolute.getRoot(), absolute); // No link on the way to the root either.
    } catch (AccessDeniedException e) {
      close();
      open(root.toAbsolutePath(), absolute); // What lies above it is not for this user to list.
    }
    openedPath = directory;
  }

  private void open(Path top, Path directory) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(top);
    if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
      stream.close();
      return;
    }
    opened.add(secure);
    for (int i = top.getNameCount(); i < directory.getNameCount(); i++) {
      SecureDirectoryStream<Path> last = opened.get(opened.size() - 1);
      opened.add(last.newDirectoryStream(directory.getName(i), LinkOption.NOFOLLOW_LINKS));
    }
  }

  @Override
  public void close() throws IOException {
    openedPath = null;
    for (SecureDirectoryStream<Path> stream : opened) {
      stream.close();
    }
    opened.clear();
  }
}
