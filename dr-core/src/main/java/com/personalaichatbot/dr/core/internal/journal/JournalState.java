package com.personalaichatbot.dr.core.internal.journal;

import com.personalaichatbot.dr.core.internal.format.MalformedException;

/**
 * Progress of the restore of one component. PREPARED and UNDO_PREPARED occur in the journals of all
 * components of a set but the first: they say that the journal of the first one decides.
 */
public enum JournalState {
  /** New content is being staged; no live entry was changed. */
  STAGING,
  /** Everything is staged and forced. It is exchanged exactly if the set was decided. */
  PREPARED,
  /** Live entries are being exchanged. Entered by the first component, this decides the set. */
  SWAPPING,
  /** Everything was exchanged; what it replaced is kept. */
  DONE,
  /** It is put back exactly if the undo of the set was decided. */
  UNDO_PREPARED,
  /** What was replaced is being put back. Entered by the first component, this decides the undo. */
  UNDOING,
  /** What was replaced was put back. */
  UNDONE,
  /** The decision could not be written, and the set is taken back. */
  WITHDRAWN;

  /** Whether the exchange was decided. */
  public boolean isExchanged() {
    return this != STAGING && this != PREPARED && this != WITHDRAWN;
  }

  /** Whether the undo was decided. */
  public boolean isUndone() {
    return this == UNDOING || this == UNDONE;
  }

  static JournalState of(int code) throws MalformedException {
    if (code >= values().length) {
      throw new MalformedException("journal state " + code + " is unknown");
    }
    return values()[code];
  }
}
