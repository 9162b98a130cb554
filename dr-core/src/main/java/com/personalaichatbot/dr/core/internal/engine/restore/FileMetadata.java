package com.personalaichatbot.dr.core.internal.engine.restore;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.scan.FileStat;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What a restore sets beside the content: time of the last change, mode, and owner and group where
 * the process may, that is as root. A set-user-id or set-group-id bit of a file is set only if the
 * file gets the owner or group that it was recorded with; else it would lend the rights of somebody
 * else. Immutable.
 */
final class FileMetadata {
  private static final int SET_USER_ID = 04000;
  private static final int SET_GROUP_ID = 02000;
  private static final int OWNER_READS = 0400;
  private static final String ALL = "rwxrwxrwx";
  private static final long LAST_SECOND = TimeUnit.NANOSECONDS.toSeconds(Long.MAX_VALUE) - 1;

  private final boolean unix;
  private final boolean posix;
  private final int user;
  private final int group;
  private final Attributes ofNewFiles;

  /** For the files of a file system, by this process. */
  FileMetadata(FileSystem files) {
    this(files, new Attributes(0, -1, -1, 0, 0, 0, 0, 0, 0, 0, 1));
  }

  /**
   * The same, which knows what new files in a directory of ours get: from the process, its mask, or
   * from the directory. It asks by making one there; that is gone again afterwards.
   */
  static FileMetadata probe(Path directory) throws IOException {
    Path file =
        Files.createFile(directory.resolve("probe"), RestorePlace.permissions(directory, ALL));
    try {
      return new FileMetadata(directory.getFileSystem(), FileStat.read(file).attributes());
    } finally {
      Files.delete(file);
    }
  }

  private FileMetadata(FileSystem files, Attributes ofNewFiles) {
    this.ofNewFiles = ofNewFiles;
    Set<String> views = files.supportedFileAttributeViews();
    unix = views.contains("unix");
    posix = views.contains("posix");
    int foundUser = -1;
    int foundGroup = -1;
    try {
      Path self = Path.of("/proc/self");
      foundUser = (Integer) Files.getAttribute(self, "unix:uid");
      foundGroup = (Integer) Files.getAttribute(self, "unix:gid");
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      foundUser = "root".equals(System.getProperty("user.name")) ? 0 : -1;
    }
    user = foundUser;
    group = foundGroup;
  }

  /** The attributes that an entry can get here; what cannot be set is as recorded. */
  Attributes wanted(TreeEntry entry, RestoreFindings findings) {
    Attributes recorded = entry.attributes();
    int mode = recorded.mode();
    if (entry.type() == EntryType.FILE && !mayChangeOwner()) {
      mode &= recorded.uid() == user ? -1 : ~SET_USER_ID;
      mode &= recorded.gid() == group ? -1 : ~SET_GROUP_ID;
      if (mode != recorded.mode()) {
        findings.note("set-user-id and set-group-id bits were left out where the owner cannot be"
            + " restored; run as root to restore them");
      }
    }
    long seconds = settable(recorded.mtimeSeconds());
    int nanos = settable(recorded.mtimeSeconds(), recorded.mtimeNanos());
    if (seconds != recorded.mtimeSeconds()) {
      findings.impossibleTimes.incrementAndGet();
    } else if (nanos != recorded.mtimeNanos()) {
      findings.flooredTimes.incrementAndGet();
    }
    return new Attributes(
        mode,
        recorded.uid(),
        recorded.gid(),
        recorded.size(),
        seconds,
        nanos,
        recorded.ctimeSeconds(),
        recorded.ctimeNanos(),
        recorded.device(),
        recorded.inode(),
        recorded.links());
  }

  /** The platform keeps times as 64 bits of nanoseconds. */
  private static long settable(long seconds) {
    return Math.max(-LAST_SECOND, Math.min(LAST_SECOND, seconds));
  }

  /** Before 1970 a fraction would be refused by the system, and silently become 1970. */
  private static int settable(long seconds, int nanos) {
    return seconds < 0 || seconds != settable(seconds) ? 0 : nanos;
  }

  private boolean mayChangeOwner() {
    return unix && user == 0;
  }

  /** A file system without modes records none; nobody keeps a file that nobody may open. */
  private static boolean hasMode(Attributes attributes) {
    return attributes.mode() != 0 || attributes.inode() != 0 || attributes.uid() != 0;
  }

  /** Whether {@link #apply} would change anything. */
  boolean differs(Attributes now, Attributes wanted) {
    boolean mode = (unix || posix) && hasMode(wanted) && now.mode() != wanted.mode();
    boolean owner = mayChangeOwner() && (now.uid() != wanted.uid() || now.gid() != wanted.gid());
    return mode
        || owner
        || now.mtimeSeconds() != wanted.mtimeSeconds()
        || now.mtimeNanos() != wanted.mtimeNanos();
  }

  /** What to create a file with that is to get these: its mode, or one that only we may read. */
  FileAttribute<?>[] atCreation(Path file, Attributes wanted) {
    return isModeAtCreation(wanted)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions(wanted.mode()))}
        : RestorePlace.permissions(file, "rw-------");
  }

  /**
   * Whether a file with these can be opened by its owner; one of a file system without modes can.
   */
  static boolean isReadable(Attributes attributes) {
    return !hasMode(attributes) || (attributes.mode() & OWNER_READS) != 0;
  }

  /** A mode without special bits, of which the process's mask takes nothing; a time can be set. */
  private boolean isModeAtCreation(Attributes wanted) {
    return posix
        && hasMode(wanted)
        && isReadable(wanted)
        && (wanted.mode() & ~(ofNewFiles.mode() & 0777)) == 0;
  }

  /** Sets them on a file that was created with {@link #atCreation}. */
  void applyToNew(Path file, Attributes wanted) throws IOException {
    boolean owned = wanted.uid() == ofNewFiles.uid() && wanted.gid() == ofNewFiles.gid();
    apply(file, wanted, mayChangeOwner() && !owned, !isModeAtCreation(wanted));
  }

  /** Sets them on a file or directory, which the caller has made sure is no link. */
  void apply(Path path, Attributes wanted) throws IOException {
    apply(path, wanted, mayChangeOwner(), true);
  }

  private void apply(Path path, Attributes wanted, boolean owner, boolean mode) throws IOException {
    if (owner) {
      setOwner(path, wanted);
    }
    // The order matters: a change of owner takes the bits away, and a time is set by opening the
    // file.
    long seconds = wanted.mtimeSeconds();
    Instant time = Instant.ofEpochSecond(settable(seconds), settable(seconds, wanted.mtimeNanos()));
    Files.setLastModifiedTime(path, FileTime.from(time));
    if (!mode || !hasMode(wanted)) {
      return;
    }
    if (unix) {
      Files.setAttribute(path, "unix:mode", wanted.mode());
    } else if (posix) {
      Files.setPosixFilePermissions(path, permissions(wanted.mode()));
    }
  }

  /** Sets owner and group of a link itself, where the process may. */
  void applyToLink(Path link, Attributes wanted) throws IOException {
    if (mayChangeOwner()) {
      setOwner(link, wanted);
    }
  }

  private static void setOwner(Path path, Attributes wanted) throws IOException {
    Files.setAttribute(path, "unix:uid", wanted.uid(), LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", wanted.gid(), LinkOption.NOFOLLOW_LINKS);
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      if ((mode & 0400 >> permission.ordinal()) != 0) {
        permissions.add(permission);
      }
    }
    return permissions;
  }
}
