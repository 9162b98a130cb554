/**
 * PRUNE: snapshots that are not kept go, and the room that they took comes back.
 * {@link RetentionRun} decides which, {@link PruneRun} is the plot, {@code PackPlan} says which
 * packs die or are written anew.
 */
package com.personalaichatbot.dr.core.internal.engine.prune;
