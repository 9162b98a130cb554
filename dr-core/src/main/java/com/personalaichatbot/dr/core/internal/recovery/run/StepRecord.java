package com.personalaichatbot.dr.core.internal.recovery.run;

import java.util.List;
import java.util.Map;

/**
 * Notes of a step about itself, as the journal takes them.
 *
 * @param details for the report
 * @param facts for later steps
 * @param notes for the report, one line each
 */
record StepRecord(Map<String, String> details, Map<String, String> facts, List<String> notes) {}
