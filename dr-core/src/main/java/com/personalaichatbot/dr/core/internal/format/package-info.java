/**
 * Bytes on disk: the only place that knows how format 1 lays them out. Everything here is pure: no
 * input or output, no clock, no log. docs/format.md is normative and says the same in prose.
 */
package com.personalaichatbot.dr.core.internal.format;
