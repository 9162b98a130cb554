/**
 * Stage 2: takes the bytes of one file, gives the pieces that are stored: chunks cut where the
 * content says so, and holes where it is zero. Pure: no I/O, no clock, no log. The door is
 * {@link com.personalaichatbot.dr.core.internal.chunk.Chunker}.
 */
package com.personalaichatbot.dr.core.internal.chunk;
