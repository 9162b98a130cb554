/** Reads files that may be anything: too large, not a file at all, or gone. */
package com.personalaichatbot.dr.health.internal.file;
