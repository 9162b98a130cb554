/**
 * Stage 7: takes trees and snapshots, gives the one history of the repository.
 * {@link com.personalaichatbot.dr.core.internal.catalog.TreeWriter} and
 * {@link com.personalaichatbot.dr.core.internal.catalog.TreeReader} turn directories into blobs and
 * back; {@link com.personalaichatbot.dr.core.internal.catalog.Catalog} reads the history and is
 * where a snapshot is committed.
 */
package com.personalaichatbot.dr.core.internal.catalog;
