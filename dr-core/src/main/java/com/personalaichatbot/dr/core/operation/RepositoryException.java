package com.personalaichatbot.dr.core.operation;

import java.io.IOException;
import java.util.Objects;

/**
 * A failure of a repository's verbs that says which object it is about, what was found, and what to
 * do. Its text never holds a secret. The kinds of it are the subclasses of this package.
 */
public abstract class RepositoryException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String object;
  private final String action;

  RepositoryException(String object, String problem, String action) {
    super(Objects.requireNonNull(object, "object") + ": " + Objects.requireNonNull(problem));
    this.object = object;
    this.action = Objects.requireNonNull(action, "action");
  }

  /** What the failure is about: a file of the repository, a snapshot, a path. */
  public String object() {
    return object;
  }

  /** What to do next, in one sentence. */
  public String action() {
    return action;
  }
}
