/**
 * Looks at who may read and write an application's data, and closes what is open:
 * {@link com.personalaichatbot.dr.health.security.SecurityValidator} reports,
 * {@link com.personalaichatbot.dr.health.security.HardeningPlan} plans, executes and undoes. Links
 * are seen and never followed.
 */
package com.personalaichatbot.dr.health.security;
