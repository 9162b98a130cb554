/**
 * Asks the parts of a process how they are, and decides how the whole is. Start with
 * {@link com.personalaichatbot.dr.health.HealthMonitor}; write a
 * {@link com.personalaichatbot.dr.health.HealthCheck} or take one from
 * {@code com.personalaichatbot.dr.health.check}.
 *
 * <p>Nothing here throws because of what it looks at: what cannot be found out is a state.
 * Parameters are never null, lists and maps are never null and may be empty, and an absent value is
 * an {@link java.util.Optional}.
 */
package com.personalaichatbot.dr.health;
