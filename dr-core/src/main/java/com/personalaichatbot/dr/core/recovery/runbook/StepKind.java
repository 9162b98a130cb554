package com.personalaichatbot.dr.core.recovery.runbook;

/** The kind of a step. */
public enum StepKind {
  /** Does something. */
  ACTION,

  /** Looks at something, and changes nothing. */
  CHECK,

  /** A person does something and confirms it. */
  MANUAL,

  /** A person says yes before something that cannot be undone; two where it destroys. */
  APPROVE,

  /** Tells somebody. */
  NOTIFY,

  /** Steps that run at the same time. */
  PARALLEL
}
