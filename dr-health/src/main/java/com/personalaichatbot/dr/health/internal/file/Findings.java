package com.personalaichatbot.dr.health.internal.file;

import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.ValidationReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Gathers findings from several threads, a bounded number of them. */
public final class Findings {

  private static final int MAX = 10_000;

  private final Path root;
  private final List<Finding> findings = new ArrayList<>();
  private Severity worstDropped = Severity.INFO;
  private long dropped;

  /** Of what lies under a root. */
  public Findings(Path root) {
    this.root = root;
  }

  /** Adds one about a line. */
  public synchronized void add(
      Severity severity, String code, Path path, int line, String message, String action) {
    if (findings.size() < MAX) {
      findings.add(new Finding(severity, code, path, line, message, action));
    } else {
      dropped++;
      worstDropped = severity.compareTo(worstDropped) > 0 ? severity : worstDropped;
    }
  }

  /** Adds one about the whole path. */
  public void add(Severity severity, String code, Path path, String message, String action) {
    add(severity, code, path, 0, message, action);
  }

  /** Adds those found elsewhere. */
  public void addAll(List<Finding> others) {
    others.forEach(f -> add(f.severity(), f.code(), f.path(), f.line(), f.message(), f.action()));
  }

  /** All of them, and how many more there were. */
  public synchronized ValidationReport report() {
    List<Finding> all = new ArrayList<>(findings);
    if (dropped > 0) {
      all.add(new Finding(
          worstDropped, "MORE", root, 0, dropped + " more findings", "repair these first"));
    }
    return new ValidationReport(all);
  }
}
