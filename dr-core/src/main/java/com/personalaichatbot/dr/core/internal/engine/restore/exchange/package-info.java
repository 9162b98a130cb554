/**
 * Puts staged files in their places, and takes them back: {@link Exchange} follows the journal of
 * one component, {@link RestoreSet} keeps the components of one restore together, and
 * {@link RestoreRecovery} completes what a crash left. {@link RestoreArea} holds the files of a
 * restore.
 */
package com.personalaichatbot.dr.core.internal.engine.restore.exchange;
