package com.personalaichatbot.dr.core.internal.scan;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Keeps what a scan tells, by path. */
final class RecordedProblems implements ScanProblems {

  final Map<String, String> failed = Collections.synchronizedMap(new TreeMap<>());
  final Map<String, String> skipped = Collections.synchronizedMap(new TreeMap<>());

  @Override
  public void failed(String path, String reason) {
    failed.put(path, reason);
  }

  @Override
  public void skipped(String path, String reason) {
    skipped.put(path, reason);
  }

  @Override
  public String toString() {
    return "failed " + failed + ", skipped " + skipped;
  }
}
