package com.personalaichatbot.dr.core.component;

/** How much an application depends on a component. */
public enum Criticality {
  /** The application is of no use without it: backed up first and restored first. */
  CRITICAL,
  /** Belongs to a full recovery, but the application can run before it is back. */
  FULL
}
