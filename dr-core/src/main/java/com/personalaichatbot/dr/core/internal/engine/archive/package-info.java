/**
 * EXPORT and IMPORT: {@link ExportRun} writes a snapshot as an archive that other tools open,
 * {@link ImportRun} makes a snapshot of one.
 */
package com.personalaichatbot.dr.core.internal.engine.archive;
