/**
 * Looks at an application's configuration before it fails: the {@code .env} file, the JSON settings
 * and the conversations. Start with {@link com.personalaichatbot.dr.health.config.ConfigValidator}.
 * No file is executed, no value is shown, and no file can be too strange to be reported.
 */
package com.personalaichatbot.dr.health.config;
