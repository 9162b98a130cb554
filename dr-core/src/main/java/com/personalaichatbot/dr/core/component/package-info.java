/**
 * What an application protects: its named components, where their data comes from, and how the
 * application is brought to rest around a restore.
 * {@link com.personalaichatbot.dr.core.component.Component} is the one type to start with.
 */
package com.personalaichatbot.dr.core.component;
