package com.personalaichatbot.dr.core.testkit;

/** The kinds of calls of a storage and its writers. */
public enum StorageCall {
  /** A temporary file is created; its name is empty. */
  CREATE,
  /** Bytes are appended to a temporary file; its name is empty. */
  WRITE,
  /** A file is forced and gets its name. */
  COMMIT,
  /** A temporary file is thrown away, because its writer was closed or failed. */
  DISCARD,
  /** A part of a file is read. */
  READ,
  /** The length of a file is asked for. */
  LENGTH,
  /** A directory is listed. */
  LIST,
  /** The names below a directory are made durable. */
  SYNC,
  /** A file is deleted. */
  DELETE,
  /** The courtesy lock is tried for. */
  LOCK
}
