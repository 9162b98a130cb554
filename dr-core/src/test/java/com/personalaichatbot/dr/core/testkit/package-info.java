/**
 * What applications unit-test their recovery logic with, without files, time or network, and what
 * the library's own tests use.
 *
 * <p>{@link com.personalaichatbot.dr.core.testkit.FaultyStorage} and
 * {@link com.personalaichatbot.dr.core.testkit.FaultyFileSystem} fail where a test wants it,
 * {@link com.personalaichatbot.dr.core.testkit.CrashPoints} cuts the power at every point of an
 * action, {@link com.personalaichatbot.dr.core.testkit.Tampering} damages stored files, and
 * {@link com.personalaichatbot.dr.core.testkit.StorageContract} checks a storage of one's own.
 */
package com.personalaichatbot.dr.core.testkit;
