package com.personalaichatbot.dr.core.internal.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/*
 * Forcing many small files one after the other makes a journalled file system commit for each: 16,000 take a minute where
 * their bytes take a second. Linux has a call for all of a file system at the same time, syncfs(2), which Java does not offer; the
 * tool sync of coreutils and busybox makes it. It is used only where its answer can be relied on: before Linux 5.8 the call
 * says nothing of bytes that could not be written, an overlay does not pass on what the file system below it says, and most
 * others (FUSE, CIFS) do not ask their server to write, as a force of a single file does.
 */

/**
 * Has a file system write to its disk all that it holds in memory, where the system offers that.
 */
public final class FileSystemSync {
  /** So many are better forced one by one. */
  public static final int FEW = 64;

  private static final List<Path> TOOLS = List.of(Path.of("/usr/bin/sync"), Path.of("/bin/sync"));
  private static final Set<String> TYPES = Set.of("ext3", "ext4", "xfs", "btrfs");
  private static final Pattern VERSION = Pattern.compile("([0-9]+)\\.([0-9]+).*");
  private static final int RELIABLE_SINCE = 5 * 1000 + 8;

  private FileSystemSync() {}

  /**
   * Makes durable everything on the file system that holds a directory, whoever wrote it.
   *
   * @return false if nothing can be said; what has to be durable must then be forced by itself
   * @throws InterruptedIOException if the thread is interrupted while it waits
   */
  public static boolean sync(Path directory) throws InterruptedIOException {
    Optional<Path> tool = TOOLS.stream().filter(Files::isExecutable).findFirst();
    if (tool.isEmpty() || !isReliable() || !isText(directory)) {
      return false;
    }
    Process process;
    try {
      if (!TYPES.contains(Files.getFileStore(directory).type())) {
        return false;
      }
      process = command(tool.get(), directory).start();
    } catch (IOException e) {
      return false; // It is not there, or processes may not be started here.
    }
    try {
      if (Thread.interrupted()) { // Not seen by the wait where the process has ended already.
        throw new InterruptedException();
      }
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + directory + " was synced");
    }
  }

  /** Its environment is empty: an application's may hold secrets. */
  static ProcessBuilder command(Path tool, Path directory) {
    ProcessBuilder command = new ProcessBuilder(tool.toString(), "-f", directory.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    command.environment().clear();
    return command;
  }

  private static boolean isReliable() {
    Matcher version = VERSION.matcher(System.getProperty("os.version", ""));
    return System.getProperty("os.name", "").equals("Linux")
        && version.matches()
        && Integer.parseInt(version.group(1)) * 1000 + Integer.parseInt(version.group(2))
            >= RELIABLE_SINCE;
  }

  /** Whether the name that the tool gets is that of the directory. */
  private static boolean isText(Path directory) {
    return directory.isAbsolute()
        && directory.getFileSystem().equals(FileSystems.getDefault())
        && Path.of(directory.toString()).equals(directory);
  }
}
