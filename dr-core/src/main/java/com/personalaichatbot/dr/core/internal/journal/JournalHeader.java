package com.personalaichatbot.dr.core.internal.journal;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.BytesReader;
import com.personalaichatbot.dr.core.internal.format.BytesWriter;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;

/**
 * The first record of a journal.
 *
 * @param repository the repository that is restored from
 * @param restore the restore, which may have several journals, one a component
 * @param snapshot the snapshot that the component is taken from
 * @param component its name
 * @param top what the component itself is called in the directory that holds the journal's place;
 *     empty if it is that directory
 * @param keepsUndo whether what is replaced is kept
 */
public record JournalHeader(
    Bytes16 repository,
    Bytes16 restore,
    Bytes16 snapshot,
    String component,
    byte[] top,
    boolean keepsUndo) {

  private static final int VERSION = 3;

  byte[] encode() {
    BytesWriter out = new BytesWriter().u8(VERSION).raw(snapshot.toBytes());
    return out.text(component).block(top).u8(keepsUndo ? 1 : 0).toBytes();
  }

  static JournalHeader decode(Bytes16 repository, Bytes16 restore, BytesReader in)
      throws MalformedException {
    int version = in.u8();
    if (version != VERSION) {
      throw new MalformedException("journal version " + version + " is unknown");
    }
    Bytes16 snapshot = Bytes16.of(in.raw(Bytes16.BYTES));
    String component = in.text(Limits.MAX_NAME);
    byte[] top = in.block(Limits.MAX_NAME);
    boolean keepsUndo = in.u8() == 1;
    in.end();
    return new JournalHeader(repository, restore, snapshot, component, top, keepsUndo);
  }
}
