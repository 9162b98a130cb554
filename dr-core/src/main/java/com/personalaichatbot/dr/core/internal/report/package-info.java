/** What the operations leave behind for those who watch the JVM: events of the flight recorder. */
package com.personalaichatbot.dr.core.internal.report;
