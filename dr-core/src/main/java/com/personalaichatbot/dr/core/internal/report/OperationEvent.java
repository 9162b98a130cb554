package com.personalaichatbot.dr.core.internal.report;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One operation on a repository, from its call to its return. It holds no path and no secret. */
@Name("com.personalaichatbot.dr.Operation")
@Label("Disaster Recovery Operation")
@Category("Disaster Recovery")
@Description("A backup, restore, verify or other operation on a repository")
@StackTrace(false)
public final class OperationEvent extends Event {
  @Label("Operation")
  private final String operation;

  @Label("Repository")
  private final String repository;

  @Label("Succeeded")
  private boolean succeeded;

  /** Begins now. */
  public OperationEvent(String operation, String repository) {
    this.operation = operation;
    this.repository = repository;
    begin();
  }

  /** The operation returned; without this it failed. */
  public void succeed() {
    succeeded = true;
  }
}
