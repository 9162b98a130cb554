package com.personalaichatbot.dr.core.arch.planted.engine.bake;

import com.personalaichatbot.dr.core.arch.planted.engine.serve.Table;

/** A plot that imports another one, which imports it, for the rules that forbid it. */
public final class Oven {
  private Oven() {}

  public static int bread(int left) {
    return left == 0 ? 0 : Table.places(left - 1);
  }
}
