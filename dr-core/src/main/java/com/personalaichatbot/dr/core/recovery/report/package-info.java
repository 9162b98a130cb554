/**
 * What people look at: the report of a recovery or drill, the status page, and the runbook document
 * with its checklists. Each is one file that needs no network and no script, made from the same
 * values that the program works with.
 */
package com.personalaichatbot.dr.core.recovery.report;
