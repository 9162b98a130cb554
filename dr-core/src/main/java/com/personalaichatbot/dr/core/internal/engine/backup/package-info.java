/**
 * BACKUP: a component's files become a snapshot. {@link BackupRun} is the plot; {@code TreeCapture}
 * walks, {@code FileCapture} reads, {@code BlobSink} and {@code PackOutput} store, and
 * {@code NewSnapshot} commits.
 */
package com.personalaichatbot.dr.core.internal.engine.backup;
