package com.personalaichatbot.dr.examples.chatbot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Files that the chatbot cannot work with. It does not start before they are restored. */
final class DamagedDataException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Map<Path, String> files;

  DamagedDataException(Map<Path, String> files) {
    super(files.size() + " files are damaged");
    this.files = new TreeMap<>(files);
  }

  /** The files, and what is wrong with each. */
  Map<Path, String> files() {
    return files;
  }
}
