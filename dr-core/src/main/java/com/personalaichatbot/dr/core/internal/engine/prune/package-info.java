/**
 * PRUNE: removes the snapshots that are not kept, and frees the room that they took.
 * {@link RetentionRun} decides which, {@link PruneRun} is the plot, {@code PackPlan} says which
 * packs are deleted or rewritten. {@link MarkRun} and {@link ProofRun} record what keeps a
 * snapshot.
 */
package com.personalaichatbot.dr.core.internal.engine.prune;
