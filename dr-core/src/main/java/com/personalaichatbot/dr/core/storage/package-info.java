/**
 * Where a repository lies: a store of immutable, named files that survive a power cut once they are
 * synced.
 *
 * <p>{@link com.personalaichatbot.dr.core.storage.Storage} is what the rest of the library asks of
 * a store. {@link com.personalaichatbot.dr.core.storage.LocalStorage} keeps the files in a
 * directory; {@link com.personalaichatbot.dr.core.storage.MemoryStorage} keeps them in memory, for
 * tests, and forgets what was not synced.
 */
package com.personalaichatbot.dr.core.storage;
