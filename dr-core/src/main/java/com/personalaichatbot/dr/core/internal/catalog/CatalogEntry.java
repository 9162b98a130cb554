package com.personalaichatbot.dr.core.internal.catalog;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.EntryKind;
import com.personalaichatbot.dr.core.internal.format.MarkRecord;
import com.personalaichatbot.dr.core.internal.format.PruneRecord;
import com.personalaichatbot.dr.core.internal.format.SlotsRecord;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.format.SteppedOver;
import java.util.List;

/**
 * A committed entry of the history. Exactly the record that belongs to its kind is there, the
 * others are null; of a {@link EntryKind#NEWER} entry none is.
 *
 * @param steppedOver files between its predecessor and it that its writer could not take for
 *     entries: of strangers, or damaged
 * @param id its sixteen random bytes; those of a snapshot's entry name the snapshot
 */
public record CatalogEntry(
    long position,
    EntryFile.Hash hash,
    EntryFile.Hash previous,
    Bytes16 id,
    EntryKind kind,
    SlotsRecord slots,
    SnapshotRecord snapshot,
    MarkRecord mark,
    PruneRecord prune,
    List<SteppedOver> steppedOver) {

  /** Whether its writer had seen an entry: as the one before it, or on the way to its PRUNE. */
  boolean follows(long at, EntryFile.Hash entry) {
    return previous.equals(entry)
        || prune != null
            && at >= prune.since()
            && at - prune.since() < prune.hashes().size()
            && prune.hashes().get((int) (at - prune.since())).equals(entry);
  }

  /** Whether its writer passed by what stood at a position. */
  public boolean passes(long at) {
    return steppedOver.stream().anyMatch(file -> file.position() == at);
  }
}
