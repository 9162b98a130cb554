package com.personalaichatbot.dr.core.testkit;

/** The kinds of calls of a file system and its channels. */
public enum FileCall {
  /** A file is opened, or created in order to be written. */
  OPEN,
  /** Bytes are read from an open file. */
  READ,
  /** Bytes are written to an open file, or it is cut. */
  WRITE,
  /** An open file or directory is forced to the disk. */
  FORCE,
  /** An open file is locked. */
  LOCK,
  /** An open file is closed; a fault lets it be closed all the same. */
  CLOSE,
  /** A directory is opened for listing. */
  LIST,
  /** The next entry of a directory that is being listed is fetched; the name is the directory's. */
  LIST_NEXT,
  /** Attributes are read. */
  ATTRIBUTES,
  /** Whether a file is there, or may be read or written, is asked. */
  ACCESS,
  /** Attributes are set. */
  SET_ATTRIBUTES,
  /** A directory is created. */
  CREATE_DIRECTORY,
  /** A hard link is created; the name is that of the new link. */
  LINK,
  /** A symbolic link is created. */
  SYMBOLIC_LINK,
  /** A file is moved; the name is that of its new place. */
  MOVE,
  /** A file is copied; the name is that of the copy. */
  COPY,
  /** A file or directory is deleted. */
  DELETE
}
