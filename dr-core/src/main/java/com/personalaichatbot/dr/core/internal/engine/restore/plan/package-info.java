/**
 * What a restore would do: {@link RestorePlanner} makes a plan, {@link RestoreWalk} compares a
 * snapshot with the files in its target, {@link RestorePreflight} is the last check before anything
 * is touched: it decides which files and directories are tried.
 */
package com.personalaichatbot.dr.core.internal.engine.restore.plan;
