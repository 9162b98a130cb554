/**
 * RESTORE: a snapshot becomes files again, or is looked at. {@link RestorePlanner} and
 * {@link RestoreRun} are the plots: {@code RestoreWalk} decides, {@code RestoreStage} writes beside
 * what lives, {@code Exchange} puts it in its place, {@link UndoRun} and {@link RestoreRecovery}
 * take it back or finish it. {@link ListRun}, {@link CatRun} and {@link DiffRun} only read.
 */
package com.personalaichatbot.dr.core.internal.engine.restore;
