package com.personalaichatbot.dr.core.component;

import java.time.Duration;

/**
 * The kind of data in a component. The kind decides the defaults of a component and how its data is
 * treated.
 */
public enum Kind {
  /** Settings of the application. */
  CONFIG(Criticality.CRITICAL, Duration.ofHours(1)),
  /**
   * Keys, tokens and passwords; never used to train compression and never compressed together with
   * other data.
   */
  SECRETS(Criticality.CRITICAL, Duration.ofHours(1)),
  /** What users said and were answered. */
  CONVERSATIONS(Criticality.CRITICAL, Duration.ofHours(24)),
  /** Log files. */
  LOGS(Criticality.FULL, Duration.ofHours(24)),
  /** What the application keeps between runs and can rebuild, such as caches and sessions. */
  STATE(Criticality.FULL, Duration.ofHours(24)),
  /** Anything else. */
  CUSTOM(Criticality.FULL, Duration.ofHours(24));

  private final Criticality criticality;
  private final Duration rpo;

  Kind(Criticality criticality, Duration rpo) {
    this.criticality = criticality;
    this.rpo = rpo;
  }

  /** {@return the criticality of a component of this kind that names none} */
  public Criticality criticality() {
    return criticality;
  }

  /** {@return the recovery point objective of a component of this kind that names none} */
  public Duration rpo() {
    return rpo;
  }
}
