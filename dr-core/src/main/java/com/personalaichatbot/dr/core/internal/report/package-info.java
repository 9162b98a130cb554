/**
 * How operations report to people and to tools that watch the JVM: events of the flight recorder,
 * and the words for a failure.
 */
package com.personalaichatbot.dr.core.internal.report;
