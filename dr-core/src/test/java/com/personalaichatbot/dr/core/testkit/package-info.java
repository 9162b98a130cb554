/**
 * What applications unit-test their recovery logic with, without files, time or network, and what
 * the library's own tests use.
 *
 * <p>{@link com.personalaichatbot.dr.core.testkit.RepositoryExtension} is where to begin: it gives
 * a JUnit test a repository, a clock and faults.
 * {@link com.personalaichatbot.dr.core.testkit.FaultyStorage} and
 * {@link com.personalaichatbot.dr.core.testkit.FaultyFileSystem} fail where a test wants it,
 * {@link com.personalaichatbot.dr.core.testkit.CrashPoints} cuts the power at every point of an
 * action, {@link com.personalaichatbot.dr.core.testkit.Tampering} damages stored files, and
 * {@link com.personalaichatbot.dr.core.testkit.StorageContract} checks a storage of one's own.
 * {@link com.personalaichatbot.dr.core.testkit.DrillTest} holds a drill and fails a build that
 * breaks its promise, {@link com.personalaichatbot.dr.core.testkit.RecordingChannel} shows who
 * would have been told. {@link com.personalaichatbot.dr.core.testkit.TestKeys} and
 * {@link com.personalaichatbot.dr.core.testkit.SettableClock} stand in for what takes time,
 * {@link com.personalaichatbot.dr.core.testkit.Trees} makes and compares trees of files, and
 * {@link com.personalaichatbot.dr.core.testkit.DrAssertions} is where assertions on reports and
 * snapshots begin.
 */
package com.personalaichatbot.dr.core.testkit;
