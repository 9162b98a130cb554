/**
 * An opened repository, and what every operation on it shares: {@link Session} holds the storage,
 * the keys and the client's memory ({@link ClientState}). {@link Operations} lets operations share
 * it or have it exclusively, {@link Workers} and {@link Pace} run its tasks.
 */
package com.personalaichatbot.dr.core.internal.session;
