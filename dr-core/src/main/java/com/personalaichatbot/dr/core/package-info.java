/**
 * Back up an application's data, check it, and bring it back, from within the application.
 *
 * <p>{@link com.personalaichatbot.dr.core.DisasterRecovery} is where a new user starts: it knows the
 * application's components and does the right thing with few words. {@link
 * com.personalaichatbot.dr.core.BackupRepository} has every verb.
 */
package com.personalaichatbot.dr.core;
