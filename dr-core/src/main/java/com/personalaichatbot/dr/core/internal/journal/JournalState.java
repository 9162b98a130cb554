package com.personalaichatbot.dr.core.internal.journal;

import com.personalaichatbot.dr.core.internal.format.MalformedException;

/** How far a restore is. States follow each other in this order; none is skipped but on success. */
public enum JournalState {
  /** New content is being staged; nothing that lives was touched. */
  STAGING,
  /** Everything is staged; live entries are being exchanged. From here it is finished, always. */
  SWAPPING,
  /** Everything was exchanged; what it replaced is kept. */
  DONE,
  /** What was replaced is being put back. */
  UNDOING,
  /** It was put back. */
  UNDONE;

  static JournalState of(int code) throws MalformedException {
    if (code >= values().length) {
      throw new MalformedException("journal state " + code + " is unknown");
    }
    return values()[code];
  }
}
