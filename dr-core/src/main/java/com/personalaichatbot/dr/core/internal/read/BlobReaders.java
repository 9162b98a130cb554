package com.personalaichatbot.dr.core.internal.read;

import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.crypto.IdHasher;
import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.Deque;

/** Readers for the workers of an operation, each used by one at a time. Thread-safe. */
public final class BlobReaders implements Closeable {
  private final Session session;
  private final BlobIndex index;
  private final Deque<BlobReader> free = new ArrayDeque<>();

  public BlobReaders(Session session, BlobIndex index) {
    this.session = session;
    this.index = index;
  }

  public BlobIndex index() {
    return index;
  }

  public IdHasher newIdHasher() {
    return session.seals().newIdHasher();
  }

  public synchronized BlobReader take() {
    BlobReader reader = free.poll();
    return reader != null
        ? reader
        : new BlobReader(session.storage(), session.seals(), index, session.dictionaries());
  }

  public synchronized void giveBack(BlobReader reader) {
    free.push(reader);
  }

  /** Closes the readers that were given back; there are no others by then. */
  @Override
  public synchronized void close() {
    free.forEach(BlobReader::close);
    free.clear();
  }
}
