package com.personalaichatbot.dr.core.internal.engine;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.format.RepositoryFormat;
import com.personalaichatbot.dr.core.internal.index.Dictionaries;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.operation.ProgressListener;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import java.time.Clock;

/**
 * An opened repository: what every run on it needs. Immutable; the façade owns what it holds.
 *
 * @param state what this client keeps outside the repository
 * @param workers the threads that the runs share
 */
public record Session(
    Storage storage,
    RepositoryFormat format,
    RepositoryKeys keys,
    Seals seals,
    Catalog catalog,
    Dictionaries dictionaries,
    ClientState state,
    Workers workers,
    Clock clock,
    String host,
    ProgressListener progress) {}
