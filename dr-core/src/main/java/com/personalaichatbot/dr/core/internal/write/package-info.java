/**
 * Writing to a repository: {@link FileChunker} cuts files, {@link BlobSink} stores blobs,
 * {@link PackOutput} fills packs with them, {@link PageStore} stores the pages of databases, and
 * {@link NewSnapshot} commits. {@link Sweep} removes what no run finished.
 */
package com.personalaichatbot.dr.core.internal.write;
