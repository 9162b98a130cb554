package com.personalaichatbot.dr.health.internal.file;

import com.personalaichatbot.dr.health.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Modes of POSIX file systems: what is private is open to its owner alone. */
public final class Modes {

  private static final Set<PosixFilePermission> OWNER = EnumSet.of(
      PosixFilePermission.OWNER_READ,
      PosixFilePermission.OWNER_WRITE,
      PosixFilePermission.OWNER_EXECUTE);

  private Modes() {}

  /**
   * The attributes of the path itself, not of what a link points to; empty where there are no modes
   * or no such path.
   */
  public static Optional<PosixFileAttributes> of(Path path) {
    try {
      PosixFileAttributeView view =
          Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      return view == null ? Optional.empty() : Optional.of(view.readAttributes());
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  /** Whether nobody but the owner has any right. */
  public static boolean isPrivate(Set<PosixFilePermission> mode) {
    return OWNER.containsAll(mode);
  }

  /** The owner's share of a mode. */
  public static Set<PosixFilePermission> ownersShare(Set<PosixFilePermission> mode) {
    Set<PosixFilePermission> share = EnumSet.noneOf(PosixFilePermission.class);
    share.addAll(mode);
    share.retainAll(OWNER);
    return share;
  }

  /** Reports a path that others may use. A missing path is somebody else's finding. */
  public static void requirePrivate(Path path, Severity severity, Findings findings) {
    of(path)
        .filter(attributes -> !attributes.isSymbolicLink() && !isPrivate(attributes.permissions()))
        .ifPresent(attributes -> findings.add(
            severity,
            "MODE",
            path,
            "its mode is " + PosixFilePermissions.toString(attributes.permissions()),
            "remove the rights of group and others; harden does that"));
  }
}
