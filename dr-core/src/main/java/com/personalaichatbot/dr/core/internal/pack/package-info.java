/**
 * Stage 5: takes stored blobs, gives packs, and back.
 * {@link com.personalaichatbot.dr.core.internal.pack.PackWriter} fills a pack and commits it;
 * {@link com.personalaichatbot.dr.core.internal.pack.PackReader} reads contents tables and blobs.
 */
package com.personalaichatbot.dr.core.internal.pack;
