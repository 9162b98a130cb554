/**
 * A repository of snapshots: creates and opens it, and gives its verbs with all their options.
 *
 * <p>{@link com.personalaichatbot.dr.core.repository.BackupRepository} is thread-safe. It knows
 * nothing of the packages that use a repository, such as those of recovery and of checks.
 */
package com.personalaichatbot.dr.core.repository;
