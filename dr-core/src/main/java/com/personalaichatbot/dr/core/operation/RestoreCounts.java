package com.personalaichatbot.dr.core.operation;

/**
 * Files and links of a restore; directories do not count.
 *
 * @param create not there before
 * @param replace there with other content
 * @param unchanged there with the same content; at most mode, owner and times are set
 * @param remove there, not in the snapshot, and removed
 * @param failed cannot be, or could not be, restored or removed
 */
public record RestoreCounts(long create, long replace, long unchanged, long remove, long failed) {}
