/** Reports of operations to people and tools: events of the flight recorder, texts of failures. */
package com.personalaichatbot.dr.core.internal.report;
