package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.component.LiveFile;
import com.personalaichatbot.dr.core.component.Source;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.report.Failures;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a source that are read through the application's own handles, found by path or by
 * identity.
 */
final class LiveFiles {

  private final Map<Path, LiveFile> byPath = new HashMap<>();
  private final Map<FileIdentity, LiveFile> byIdentity = new HashMap<>();

  /**
   * Looks for the live files of a source whose real path is {@code root}; what cannot be one is
   * listed as failed.
   */
  LiveFiles(Source source, Path root, ScanProblems problems) {
    source.liveFiles().forEach((path, reader) -> {
      try {
        Path real = path.toRealPath();
        if (!real.startsWith(root)) {
          problems.failed(display(path), "is given as a live file and lies outside its component");
          return;
        }
        byPath.put(real, reader);
        FileIdentity identity = FileStat.read(real).identity();
        if (identity.isKnown()) {
          byIdentity.put(identity, reader);
        }
      } catch (NoSuchFileException e) {
        // Not there yet, or no longer: nothing to read.
      } catch (IOException e) {
        problems.failed(display(path), Failures.describe(e));
      }
    });
  }

  private static String display(Path path) {
    return RawName.display(NativeNames.bytes(path));
  }

  /**
   * Returns the handle of this file, null if it is read by its path. That is also a file whose
   * handle the application has closed: if it holds the file by another one, {@link OpenFiles} says
   * so.
   */
  LiveFile handle(Path path, FileIdentity identity) {
    if (byPath.isEmpty()) {
      return null;
    }
    LiveFile handle = byPath.get(path);
    if (handle == null) {
      handle = byIdentity.get(identity);
    }
    return handle == null || isClosed(handle) ? null : handle;
  }

  private static boolean isClosed(LiveFile handle) {
    try {
      Optional<FileChannel> channel = handle.channel();
      if (channel.isPresent()) {
        return !channel.get().isOpen();
      }
      handle.size();
      return false;
    } catch (ClosedChannelException e) {
      return true;
    } catch (IOException
        | RuntimeException
        | LinkageError
        | StackOverflowError
        | AssertionError e) {
      return false; // Said as a failure of this file when it is read.
    }
  }
}
