/**
 * Ready-made checks. Each knows its thresholds and how often it wants to run
 * ({@link com.personalaichatbot.dr.health.HealthCheck#settings()}); all can be changed. Only
 * {@link com.personalaichatbot.dr.health.check.JvmCheck} may enter the group {@code live}.
 */
package com.personalaichatbot.dr.health.check;
