/**
 * What makes backups unhealthy, as checks for a
 * {@link com.personalaichatbot.dr.health.HealthMonitor}:
 * {@link com.personalaichatbot.dr.core.checks.RecoveryChecks}.
 */
package com.personalaichatbot.dr.core.checks;
