/**
 * Stage 3: takes the plaintext of one blob, gives the fewest bytes from which it can be had back,
 * and the way back. Small blobs are compressed with a dictionary that was trained on others like
 * them. Pure: no I/O, no clock, no log. The door is
 * {@link com.personalaichatbot.dr.core.internal.compress.Compressor}.
 */
package com.personalaichatbot.dr.core.internal.compress;
