/**
 * How a repository is created and opened: {@link RepositoryOpener} reads the format, finds the key
 * slot that a passphrase opens, and completes what an interrupted creation left. {@code SlotFiles}
 * reads and writes key slots, {@code Reserve} keeps room for a prune on a full disk.
 */
package com.personalaichatbot.dr.core.internal.opening;
