package com.personalaichatbot.dr.core.internal.scan;

/**
 * Receives what a scan could not read, or does not keep. Called from every thread that uses the
 * scan.
 */
public interface ScanProblems {

  /** Receives nothing. */
  ScanProblems UNHEARD = new ScanProblems() {
    @Override
    public void failed(String path, String reason) {}

    @Override
    public void skipped(String path, String reason) {}
  };

  /** Something belongs to the component and could not be read: the component is incomplete. */
  void failed(String path, String reason);

  /** Something is of a kind that no snapshot holds; the component is complete without it. */
  void skipped(String path, String reason);
}
