/**
 * Shows the health to others: as JSON, over HTTP, as a management bean, as metrics. All of it reads
 * the state as known and runs no check. Texts have had their secrets blackened before they come
 * here.
 */
package com.personalaichatbot.dr.health.publish;
