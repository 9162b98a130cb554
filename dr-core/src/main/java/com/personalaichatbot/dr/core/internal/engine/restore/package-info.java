/**
 * RESTORE: a snapshot becomes files again. {@link RestoreRun} is the plot: {@code plan} decides,
 * {@code stage} writes beside the live files, {@code exchange} puts everything in its place, and
 * {@link UndoRun} takes it back. Exchange lies lowest, then plan, then stage; a room knows the
 * rooms below it only.
 */
package com.personalaichatbot.dr.core.internal.engine.restore;
