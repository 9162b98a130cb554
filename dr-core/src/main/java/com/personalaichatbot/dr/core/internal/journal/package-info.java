/**
 * Takes note of what a restore in place is about to do, so that it can be finished after a crash
 * and undone later. One public door:
 * {@link com.personalaichatbot.dr.core.internal.journal.Journal}.
 */
package com.personalaichatbot.dr.core.internal.journal;
