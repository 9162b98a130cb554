/**
 * What runs when: rhythms, jobs, and a schedule that goes by what was durably done and not by what
 * a timer remembers.
 */
package com.personalaichatbot.dr.core.recovery.schedule;
