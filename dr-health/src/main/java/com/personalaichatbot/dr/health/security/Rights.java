package com.personalaichatbot.dr.health.security;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads and changes the rights of files, in the way of one kind of file system. Not thread-safe.
 */
abstract class Rights implements Closeable {

  static final String CHANGED_SINCE = "has been changed since the plan was made and is left alone";

  static Rights of(Path root) throws IOException {
    if (Files.getFileStore(root).supportsFileAttributeView("posix")) {
      return new PosixRights(root);
    }
    if (Files.getFileStore(root).supportsFileAttributeView("acl")) {
      return new AclRights();
    }
    throw new UnsupportedOperationException("the file system of " + root + " knows no rights");
  }

  /** The change that makes a path private, if it is not. */
  abstract Optional<PermissionChange> plan(Path path) throws IOException;

  /** Makes a change; a note says why not. */
  abstract Optional<String> change(PermissionChange change) throws IOException;

  @Override
  public void close() throws IOException {}
}
