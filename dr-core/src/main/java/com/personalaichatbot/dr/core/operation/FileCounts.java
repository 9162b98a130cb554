package com.personalaichatbot.dr.core.operation;

/**
 * Files and links of a backup, counted against the snapshot before; directories do not count.
 *
 * @param created in no snapshot before
 * @param changed recorded content or metadata differ
 * @param unchanged neither differs
 * @param removed there before, and no longer
 * @param failed not readable, or never at rest while they were read
 */
public record FileCounts(long created, long changed, long unchanged, long removed, long failed) {}
