package com.personalaichatbot.dr.core.internal.engine.restore.plan;

import com.personalaichatbot.dr.core.internal.store.Directories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks Linux whether some files are in use: open for writing in any process that this one may look
 * into, or open at all in this one, whose locks on a file go when anything closes it. Elsewhere,
 * and of processes of other users, nothing is known. {@link RestorePreflight} says which files.
 */
final class FilesInUse {
  private static final Path PROCESSES = Path.of("/proc");
  private static final int ACCESS_MODE = 3;

  private FilesInUse() {}

  /** A file, whatever its names. */
  record Id(long device, long inode) {
    Id {
      device &= Long.MAX_VALUE;
      inode &= Long.MAX_VALUE;
    }
  }

  /** One of the files that is in use, and by whom. */
  record Use(Id file, String process) {}

  /** The first use of any of these files that is found. */
  static Optional<Use> find(Set<Id> files) {
    if (files.isEmpty() || !Files.isDirectory(PROCESSES)) {
      return Optional.empty();
    }
    long own = ProcessHandle.current().pid();
    try {
      for (Path process : Directories.list(PROCESSES)) {
        String name = process.getFileName().toString();
        if (!name.matches("[0-9]+")) {
          continue;
        }
        Optional<Use> use = find(files, process, Long.parseLong(name) == own);
        if (use.isPresent()) {
          return use;
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static Optional<Use> find(Set<Id> files, Path process, boolean own) {
    try {
      for (Path descriptor : Directories.list(process.resolve("fd"))) {
        Id id = id(descriptor);
        if (id != null
            && files.contains(id)
            && (own || isForWriting(process, descriptor.getFileName().toString()))) {
          return Optional.of(new Use(id, own ? "this process" : name(process)));
        }
      }
    } catch (IOException e) {
      return Optional.empty(); // Of another user, or gone.
    }
    return Optional.empty();
  }

  private static Id id(Path descriptor) {
    try {
      Map<String, Object> file = Files.readAttributes(descriptor, "unix:dev,ino");
      return new Id(((Number) file.get("dev")).longValue(), ((Number) file.get("ino")).longValue());
    } catch (IOException e) {
      return null;
    }
  }

  private static boolean isForWriting(Path process, String descriptor) throws IOException {
    Path info = process.resolve("fdinfo").resolve(descriptor);
    for (String line : Files.readAllLines(info, StandardCharsets.ISO_8859_1)) {
      if (line.startsWith("flags:")) {
        return (Integer.parseInt(line.substring(6).strip(), 8) & ACCESS_MODE) != 0;
      }
    }
    return false;
  }

  private static String name(Path process) throws IOException {
    String name = Files.readString(process.resolve("comm"), StandardCharsets.ISO_8859_1);
    return "process " + process.getFileName() + " (" + name.strip() + ")";
  }
}
