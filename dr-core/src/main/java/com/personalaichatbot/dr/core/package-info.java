/**
 * Back up an application's data, check it, and bring it back, from within the application.
 *
 * <p>{@link com.personalaichatbot.dr.core.BackupRepository} is where a new user starts.
 */
package com.personalaichatbot.dr.core;
