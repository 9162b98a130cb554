package com.personalaichatbot.dr.core.internal.engine.restore.plan;

import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import java.io.IOException;
import java.util.List;

/** Takes what a {@link RestoreWalk} decides, in the order in which it has to be done. */
public interface RestoreDecisions {
  /**
   * A directory is to be made; a file or link may be in its place.
   *
   * @return where it is staged, null if nowhere
   */
  StagedTree makeDirectory(RestoreItem directory) throws IOException;

  /** Mode, owner and times are to be set, of a file that is otherwise right or of a directory. */
  void setMetadata(RestoreItem item) throws IOException;

  /**
   * Files are to be written.
   *
   * @param linked files whose content is that of another: the first name of a group of hard links
   *     is in {@code files}, or is right already
   */
  void putFiles(List<RestoreItem> files, List<Linked> linked) throws IOException;

  /** A symbolic link is to be made. */
  void putLink(RestoreItem link) throws IOException;

  /** A file or link is to go. */
  void remove(ScannedEntry extra) throws IOException;

  /**
   * Whether the application is still to be brought to rest, so that a file which it has open now
   * may be closed when it is to be replaced.
   */
  default boolean isBeforeQuiesce() {
    return false;
  }

  /** A directory is to go, after all that was in it. */
  void removeDirectory(ScannedEntry extra) throws IOException;

  /**
   * A further name of a file.
   *
   * @param first the name of the group that comes before it
   * @param firstIsThere whether that one is right already and stays
   */
  record Linked(RestoreItem item, RestoreItem first, boolean firstIsThere) {}
}
