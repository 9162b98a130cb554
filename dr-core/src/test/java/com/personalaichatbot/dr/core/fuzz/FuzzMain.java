package com.personalaichatbot.dr.core.fuzz;

/**
 * The entry point that Jazzer calls with each input; the system property {@code dr.fuzz.target}
 * names the target.
 */
public final class FuzzMain {
  private static final FuzzTarget TARGET =
      FuzzTarget.valueOf(System.getProperty("dr.fuzz.target", "ARCHIVE"));

  private FuzzMain() {}

  /** Reads one input. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    TARGET.read(input);
  }
}
