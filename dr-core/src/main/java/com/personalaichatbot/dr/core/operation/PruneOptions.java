package com.personalaichatbot.dr.core.operation;

/**
 * How much a prune tidies up. Immutable. Packs of which nothing is needed are always deleted.
 *
 * @param maxDeadPercent a pack is rewritten when more than this share of it is not needed, 0 to 100
 * @param rewriteBudget bytes of blobs to rewrite at most; what is left is for the next prune.
 *     Damaged packs are rewritten beyond it, but not if it is 0
 */
public record PruneOptions(int maxDeadPercent, long rewriteBudget) {
  /** Packs with more than a fifth dead are rewritten, all of them. */
  public static final PruneOptions DEFAULT = new PruneOptions(20, Long.MAX_VALUE);

  /** Refuses shares and budgets that cannot be. */
  public PruneOptions {
    if (maxDeadPercent < 0 || maxDeadPercent > 100 || rewriteBudget < 0) {
      throw new IllegalArgumentException("a share is 0 to 100 percent and a budget not negative: "
          + maxDeadPercent
          + ", "
          + rewriteBudget);
    }
  }
}
