/**
 * Tests that an installation works, from outside and inside:
 * {@link com.personalaichatbot.dr.health.deployment.DeploymentTests}.
 */
package com.personalaichatbot.dr.health.deployment;
