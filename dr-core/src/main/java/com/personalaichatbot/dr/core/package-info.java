/**
 * Back up an application's data, check it, and bring it back, from within the application.
 *
 * <p>{@link com.personalaichatbot.dr.core.DisasterRecovery} is where a new user starts: it knows
 * the application's components and does the usual things in one call each.
 * {@link com.personalaichatbot.dr.core.repository.BackupRepository} has every verb with all its
 * options.
 */
package com.personalaichatbot.dr.core;
