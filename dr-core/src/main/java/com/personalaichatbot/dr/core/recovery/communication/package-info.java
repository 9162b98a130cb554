/**
 * Who is told what, when and how: the communication plan of an incident, kept by a clock. Channels
 * fail in disasters too, so each audience has several, and what reached nobody stays due and shows
 * as a finding.
 */
package com.personalaichatbot.dr.core.recovery.communication;
