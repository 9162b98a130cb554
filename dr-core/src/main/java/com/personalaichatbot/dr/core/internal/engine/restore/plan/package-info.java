/**
 * What a restore would do: {@link RestorePlanner} makes a plan, {@link RestoreWalk} compares a
 * snapshot with the files in its target, {@link RestorePreflight} refuses what would fail half-way.
 */
package com.personalaichatbot.dr.core.internal.engine.restore.plan;
