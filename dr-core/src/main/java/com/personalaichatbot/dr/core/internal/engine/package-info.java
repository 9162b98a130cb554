/**
 * The plot: each run reads top to bottom, puts the stages together and is the only place that knows
 * all of them. {@link com.personalaichatbot.dr.core.internal.engine.BackupRun}, {@code RestoreRun},
 * {@code VerifyRun} are the doors; {@link com.personalaichatbot.dr.core.internal.engine.Session} is
 * what they work on.
 */
package com.personalaichatbot.dr.core.internal.engine;
