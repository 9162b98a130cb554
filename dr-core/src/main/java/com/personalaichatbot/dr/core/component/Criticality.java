package com.personalaichatbot.dr.core.component;

/** The weight of a component for its application. */
public enum Criticality {
  /** The application is of no use without it: backed up first and restored first. */
  CRITICAL,
  /** Belongs to a full recovery, but the application can run before it is back. */
  FULL
}
