/**
 * Runbooks and their steps, what an application adds to them, and what it is told of a run. Types
 * that an application implements are here:
 * {@link com.personalaichatbot.dr.core.recovery.runbook.Hook},
 * {@link com.personalaichatbot.dr.core.recovery.runbook.Operator},
 * {@link com.personalaichatbot.dr.core.recovery.runbook.RunListener}.
 */
package com.personalaichatbot.dr.core.recovery.runbook;
