package com.personalaichatbot.dr.examples.benchmark;

/** Measures a backup and a restore, whole and by stage. */
public final class Benchmark {

  private Benchmark() {}

  public static void main(String[] args) {
    System.out.printf("%d cores%n", Runtime.getRuntime().availableProcessors());
  }
}
