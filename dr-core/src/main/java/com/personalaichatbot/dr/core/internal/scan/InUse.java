package com.personalaichatbot.dr.core.internal.scan;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Says what an operator or developer can do about a file that the application has open. */
public final class InUse {

  private static final List<String> SQLITE = List.of(".db", ".db3", ".sqlite", ".sqlite3");
  private static final List<String> SQLITE_SIBLINGS = List.of("-wal", "-journal", "-shm");
  private static final List<String> H2 = List.of(".mv.db", ".h2.db");
  private static final List<String> LOCKS = List.of(".lock", ".lck", ".lock.db");
  private static final List<String> LINES = List.of(".log", ".jsonl", ".ndjson", ".out");

  private static final String ELSEWHERE =
      "; closing it here would drop the locks that the application has on it";

  private InUse() {}

  /** Returns the advice of a backup, beginning with a semicolon. */
  static String whileBackingUp(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (endsWith(name, LOCKS) || name.equals("write.lock") || name.equals("lock")) {
      return "; a lock file holds no data: exclude it (Component.withExcludes)";
    }
    if (endsWith(name, H2)) {
      return ELSEWHERE + ": back up what H2's BACKUP TO 'FILE' writes, unpacked, or close the"
          + " database during backups. A live file (Source.withLiveFile) lacks what H2 holds in"
          + " memory";
    }
    if (endsWith(name, SQLITE) || isPartOfSqlite(file)) {
      return ELSEWHERE + ": back up a copy that SQLite makes (VACUUM INTO 'FILE' or"
          + " \"backup to FILE\"), or close all connections during backups. Live files"
          + " (Source.withLiveFile) of the database and its journals are whole only while one"
          + " connection holds BEGIN IMMEDIATE";
    }
    if (endsWith(name, LINES) || name.contains(".log.")) {
      return ELSEWHERE + ": open it for each line, or give its channel to the component"
          + " (Source.withLiveFile), again after each roll, and declare it"
          + " (Component.withAppendOnly)";
    }
    return ELSEWHERE + ": give its channel to the component (Source.withLiveFile) and write"
        + " nothing during backups, or close it during backups";
  }

  /** Returns the advice of a restore, beginning with a semicolon. */
  public static String whileRestoring(Path file) {
    return "; a restore does not replace a file that the application is using: close "
        + file.getFileName()
        + ", for instance in the component's hook (Component.withQuiesce), and restore again";
  }

  private static boolean endsWith(String name, List<String> endings) {
    return endings.stream().anyMatch(name::endsWith);
  }

  private static boolean isPartOfSqlite(Path file) {
    String name = file.getFileName().toString();
    for (String sibling : SQLITE_SIBLINGS) {
      boolean isSibling = name.endsWith(sibling)
          && exists(file, name.substring(0, name.length() - sibling.length()));
      if (isSibling || exists(file, name + sibling)) {
        return true;
      }
    }
    return false;
  }

  private static boolean exists(Path file, String name) {
    return !name.isEmpty() && Files.exists(file.resolveSibling(name), LinkOption.NOFOLLOW_LINKS);
  }
}
