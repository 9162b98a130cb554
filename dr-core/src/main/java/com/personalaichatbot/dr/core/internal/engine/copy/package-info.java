/**
 * The plot of a copy: takes a repository and another storage, gives a second repository of the same
 * history there. {@link com.personalaichatbot.dr.core.internal.engine.copy.CopyRun} is its door.
 */
package com.personalaichatbot.dr.core.internal.engine.copy;
