/**
 * Executes runbooks: live, as a drill, or as a dry run. Writes the journal of each run, and resumes
 * a run that was cut off.
 */
package com.personalaichatbot.dr.core.internal.recovery.run;
