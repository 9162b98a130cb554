/**
 * Stage 6: takes packs, knows where every blob lies, and reads blobs by their id.
 * {@link com.personalaichatbot.dr.core.internal.index.BlobIndex} is the table in memory,
 * {@link com.personalaichatbot.dr.core.internal.index.IndexLoader} fills it from the storage,
 * {@link com.personalaichatbot.dr.core.internal.index.BlobReader} reads through it.
 */
package com.personalaichatbot.dr.core.internal.index;
