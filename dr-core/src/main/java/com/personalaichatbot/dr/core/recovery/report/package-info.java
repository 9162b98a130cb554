/**
 * What people look at: the report of a recovery or drill, the posture digest, the status page, and
 * the runbook document with its checklists. Each is one file that needs no network and no script,
 * made from the same values that the program works with, and has a JSON twin for programs.
 */
package com.personalaichatbot.dr.core.recovery.report;
