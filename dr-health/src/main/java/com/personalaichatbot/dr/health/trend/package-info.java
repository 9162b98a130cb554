/**
 * Remembers figures over time and says where they are going:
 * {@link com.personalaichatbot.dr.health.trend.TrendStore} keeps them in a small file,
 * {@link com.personalaichatbot.dr.health.trend.Forecast} draws the line,
 * {@link com.personalaichatbot.dr.health.trend.TrendCheck} warns in time.
 */
package com.personalaichatbot.dr.health.trend;
