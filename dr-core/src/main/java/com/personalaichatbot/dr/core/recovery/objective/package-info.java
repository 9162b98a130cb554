/**
 * What was promised, in hours, and what is measured: the age of the newest verified snapshot
 * against the recovery point objective, and the time of drills and recoveries against the recovery
 * time objective.
 */
package com.personalaichatbot.dr.core.recovery.objective;
