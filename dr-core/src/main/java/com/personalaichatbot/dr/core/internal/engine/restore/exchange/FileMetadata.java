package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.scan.FileStat;
import com.personalaichatbot.dr.core.internal.scan.HeldFile;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
 * Metadata that a restore sets beside the content: time of the last change, mode, and owner and
 * group where the process may, that is as root. A set-user-id or set-group-id bit is set only if
 * the owner or group is the recorded one; else it would lend the rights of somebody else.
 *
 * <p>A target that refuses metadata still gets the content: FAT keeps no owner, a root of a
 * container may not set every owner, a server may treat root as nobody. Each refusal is a note of
 * the findings and never a failure. Thread-safe.
 */
public final class FileMetadata {
  private static final int SET_USER_ID = 04000;
  private static final int SET_GROUP_ID = 02000;
  private static final int OWNER_READS = 0400;
  private static final String ALL = "rwxrwxrwx";
  private static final byte[] PROBE = {};
  private static final Attributes TRIAL =
      new Attributes(0640, 1, 1, 0, 1_000_000_001, 123_456_789, 0, 0, 0, 0, 1);
  private static final long COARSEST = 2;
  private static final long LAST_SECOND = TimeUnit.NANOSECONDS.toSeconds(Long.MAX_VALUE) - 1;

  private final RestoreFindings findings;
  private final boolean unix;
  private final boolean posix;
  private final int user;
  private final int group;
  private final Attributes ofNewFiles;
  private boolean keepsOwners = true;
  private boolean keepsModes = true;
  private boolean keepsTimes = true;
  private boolean keepsNanos = true;

  /** For the files of a file system, by this process. */
  public FileMetadata(FileSystem files, RestoreFindings findings) {
    this(files, findings, new Attributes(0, -1, -1, 0, 0, 0, 0, 0, 0, 0, 1));
  }

  /**
   * The same, which knows what new files in a directory of ours get: from the process, its mask, or
   * from the directory. It asks by making one there; that is gone again afterwards.
   */
  public static FileMetadata probe(Path directory, RestoreFindings findings) throws IOException {
    Path file =
        Files.createFile(directory.resolve("probe"), TargetFiles.permissions(directory, ALL));
    try {
      FileMetadata metadata = new FileMetadata(
          directory.getFileSystem(), findings, FileStat.read(file).attributes());
      metadata.tryOut(file);
      return metadata;
    } finally {
      Files.delete(file);
    }
  }

  private FileMetadata(FileSystem files, RestoreFindings findings, Attributes ofNewFiles) {
    this.findings = findings;
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
  public Attributes wanted(TreeEntry entry, RestoreFindings findings) {
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

  /**
   * Finds out what the target does not keep, which makes no difference between a file and its entry
   * then.
   */
  private void tryOut(Path file) throws IOException {
    RestoreFindings unheard = new RestoreFindings();
    FileMetadata trial = new FileMetadata(file.getFileSystem(), unheard, ofNewFiles);
    trial.apply(file, PROBE, TRIAL, mayChangeOwner(), true);
    Attributes now = FileStat.read(file).attributes();
    keepsOwners = now.uid() == TRIAL.uid() && now.gid() == TRIAL.gid();
    keepsModes = now.mode() == TRIAL.mode();
    keepsTimes = now.mtimeSeconds() == TRIAL.mtimeSeconds();
    keepsNanos = keepsTimes && now.mtimeNanos() == TRIAL.mtimeNanos();
    if (!keepsModes && (unix || posix)) {
      findings.note("the target keeps no permissions: who may read it may read all that is restored"
          + " to it, secrets too");
    }
    if (!keepsNanos) {
      findings.note("the target keeps times less exactly than they are recorded");
    }
  }

  private boolean mayChangeOwner() {
    return unix && user == 0;
  }

  /** A file system without modes records none; nobody keeps a file that nobody may open. */
  private static boolean hasMode(Attributes attributes) {
    return attributes.mode() != 0 || attributes.inode() != 0 || attributes.uid() != 0;
  }

  /** Whether {@link #apply} would change anything. */
  public boolean differs(Attributes now, Attributes wanted) {
    boolean mode = keepsModes && (unix || posix) && hasMode(wanted) && now.mode() != wanted.mode();
    boolean owner =
        keepsOwners && mayChangeOwner() && (now.uid() != wanted.uid() || now.gid() != wanted.gid());
    long seconds = Math.abs(now.mtimeSeconds() - wanted.mtimeSeconds());
    return mode
        || owner
        || seconds > (keepsTimes ? 0 : COARSEST)
        || keepsNanos && now.mtimeNanos() != wanted.mtimeNanos();
  }

  /** What to create a file with that is to get these: its mode, or one that only we may read. */
  public FileAttribute<?>[] atCreation(Path file, Attributes wanted) {
    return isModeAtCreation(wanted)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions(wanted.mode()))}
        : TargetFiles.permissions(file, "rw-------");
  }

  /**
   * Whether a file with these can be opened by its owner; one of a file system without modes can.
   */
  public static boolean isReadable(Attributes attributes) {
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
  public void applyToNew(Path file, byte[] place, Attributes wanted) throws IOException {
    boolean owned = wanted.uid() == ofNewFiles.uid() && wanted.gid() == ofNewFiles.gid();
    apply(file, place, wanted, mayChangeOwner() && !owned, !isModeAtCreation(wanted));
  }

  /**
   * Sets them on a file or directory, which the caller has made sure is no link.
   *
   * @param place the name under which a refusal is noted
   * @throws NoSuchFileException if it is gone; nothing else that is refused is thrown
   */
  public void apply(Path path, byte[] place, Attributes wanted) throws IOException {
    apply(path, place, wanted, mayChangeOwner(), true);
  }

  private void apply(Path path, byte[] place, Attributes wanted, boolean owner, boolean mode)
      throws IOException {
    boolean owned = !owner || setOwner(path, place, wanted);
    // The order matters: a change of owner takes the bits away, and a time is set by opening the
    // file.
    long seconds = wanted.mtimeSeconds();
    Instant time = Instant.ofEpochSecond(settable(seconds), settable(seconds, wanted.mtimeNanos()));
    set("time", place, () -> Files.setAttribute(path, "lastModifiedTime", FileTime.from(time)));
    if (!mode || !hasMode(wanted)) {
      return;
    }
    int bits = owned ? wanted.mode() : wanted.mode() & ~(SET_USER_ID | SET_GROUP_ID);
    if (unix) {
      set("mode", place, () -> Files.setAttribute(path, "unix:mode", bits));
    } else if (posix) {
      set("mode", place, () -> Files.setAttribute(path, "posix:permissions", permissions(bits)));
    }
  }

  /** Sets owner and group of a link itself, where the process may. */
  public void applyToLink(Path link, byte[] place, Attributes wanted) throws IOException {
    if (mayChangeOwner()) {
      setOwner(link, place, wanted);
    }
  }

  private boolean setOwner(Path path, byte[] place, Attributes wanted) throws IOException {
    boolean owner = set(
        "owner",
        place,
        () -> Files.setAttribute(path, "unix:uid", wanted.uid(), HeldFile.links(path)));
    boolean ofGroup = set(
        "group",
        place,
        () -> Files.setAttribute(path, "unix:gid", wanted.gid(), HeldFile.links(path)));
    return owner && ofGroup;
  }

  @FunctionalInterface
  private interface Setting {
    void run() throws IOException;
  }

  /** Sets one of them, and says whether the target took it. */
  private boolean set(String what, byte[] place, Setting setting) throws IOException {
    try {
      setting.run();
      return true;
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      findings.refused(what, RawName.display(place), Failures.describe(e));
      return false;
    }
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
