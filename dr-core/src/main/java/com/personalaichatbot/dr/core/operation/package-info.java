/**
 * What goes into the verbs of a repository and comes out of them: options, reports, progress and
 * exceptions. Nothing else belongs here. Options and reports are immutable values.
 */
package com.personalaichatbot.dr.core.operation;
