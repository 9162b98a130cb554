/**
 * Stage 4: takes stored bytes, gives sealed bytes, and back.
 * {@link com.personalaichatbot.dr.core.internal.seal.Seals} is the door. The only package besides
 * the engine that uses keys.
 */
package com.personalaichatbot.dr.core.internal.seal;
