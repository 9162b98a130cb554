/**
 * BACKUP: a component's files become a snapshot. {@link BackupRun} is the plot; {@code TreeCapture}
 * walks and {@code FileCapture} reads. Storing and committing is shared, in {@code write}.
 */
package com.personalaichatbot.dr.core.internal.engine.backup;
