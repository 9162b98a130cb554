/**
 * New content beside the live files: {@link RestoreStage} writes what a walk decided, by all
 * workers, forces it and reads it back.
 */
package com.personalaichatbot.dr.core.internal.engine.restore.stage;
