/**
 * COPY: a second repository of the same history, in another storage. {@link CopyRun} is the plot;
 * {@code CopiedFiles} writes what is lacking and reads it back.
 */
package com.personalaichatbot.dr.core.internal.engine.copy;
