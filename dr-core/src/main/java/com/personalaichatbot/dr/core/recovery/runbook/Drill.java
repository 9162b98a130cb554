package com.personalaichatbot.dr.core.recovery.runbook;

/** The extent of a drill. Each runs in a scratch directory and is cleaned up. */
public enum Drill {
  /** The latest good snapshots are restored and validated. Monthly. */
  RESTORE,

  /** Data is damaged on purpose and recovered by the runbook of data corruption. Quarterly. */
  SIMULATION,

  /** A bare directory is brought to a validated application's data, as on a new machine. Yearly. */
  COMPLETE
}
