package com.personalaichatbot.dr.core.internal.session;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases what a repository holds once it is closed and nobody uses it any more. Who closes it
 * does not wait for runs that were given up: the last of them to end releases it in its place.
 * Nothing is pulled away under a run. Thread-safe.
 */
public final class ResourceRelease {
  private static final Logger log = LoggerFactory.getLogger(ResourceRelease.class);

  private final Release release;
  private final Set<Thread> users = new HashSet<>();
  private boolean closed;

  /** Letting go of everything. */
  @FunctionalInterface
  public interface Release {
    /**
     * Does it.
     *
     * @throws IOException if the storage cannot be closed
     */
    void run() throws IOException;
  }

  /** Releases it in this way. */
  public ResourceRelease(Release release) {
    this.release = release;
  }

  /** Another thread begins to use it; called by one that holds it open meanwhile. */
  public synchronized void begin(Thread user) {
    users.add(user);
  }

  /** Whether this thread uses it, so that it cannot wait for its users. */
  synchronized boolean isUser() {
    return users.contains(Thread.currentThread());
  }

  /** This thread, which used it, comes to its end. */
  public void end() {
    synchronized (this) {
      users.remove(Thread.currentThread());
      if (!closed || !users.isEmpty()) {
        return;
      }
    }
    try {
      release.run();
    } catch (IOException | RuntimeException e) {
      log.warn("Failed to release resources of a closed repository", e);
    }
  }

  /**
   * Releases it, or leaves that to the last user.
   *
   * @throws IOException if letting go fails
   */
  public void close() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      if (!users.isEmpty()) {
        return;
      }
    }
    release.run();
  }
}
