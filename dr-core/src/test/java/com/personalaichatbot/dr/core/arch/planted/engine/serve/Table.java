package com.personalaichatbot.dr.core.arch.planted.engine.serve;

import com.personalaichatbot.dr.core.arch.planted.engine.bake.Oven;

/** A plot that imports another one, which imports it, for the rules that forbid it. */
public final class Table {
  private Table() {}

  public static int places(int left) {
    return left == 0 ? 0 : Oven.bread(left - 1);
  }
}
