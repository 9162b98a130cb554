package com.personalaichatbot.dr.core.operation;

import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The plan of a prune: print it, then execute it. It holds for the state of the repository that it
 * was made of; executing it after the repository changed fails, and nothing is done then.
 *
 * @param options how much it tidies up
 * @param head fingerprint of the history that it was made of
 * @param removed snapshots that leave the list, oldest first
 * @param kept snapshots that stay, oldest first
 * @param swept snapshots whose data goes with this prune: those that were removed before and whose
 *     grace is over, and those of {@code removed} that have none
 * @param waiting what waits for the end of its grace after this prune
 * @param packsDeleted packs of which nothing is needed any more
 * @param packsRewritten packs of which the needed part is moved to new packs
 * @param bytesRewritten bytes of blobs that are moved
 * @param bytesFreed bytes that the repository will take less
 * @param clockDoubt why the clock could not be believed, so that nothing goes because of its age or
 *     date; empty if it was
 * @param blockage damage that keeps the prune from deleting anything; executing the plan ends with
 *     a {@link CorruptRepositoryException} then
 */
public record PrunePlan(
    PruneOptions options,
    String head,
    List<Decision> removed,
    List<Decision> kept,
    List<SnapshotId> swept,
    WaitingRemovals waiting,
    int packsDeleted,
    int packsRewritten,
    long bytesRewritten,
    long bytesFreed,
    Optional<String> clockDoubt,
    Optional<Blockage> blockage) {

  /**
   * The fate of a snapshot.
   *
   * @param id the snapshot
   * @param reasons why, at least one
   */
  public record Decision(SnapshotId id, List<String> reasons) {
    /** Refuses nulls and keeps a copy. */
    public Decision {
      Objects.requireNonNull(id, "id");
      reasons = List.copyOf(reasons);
    }
  }

  /** Refuses nulls and keeps copies. */
  public PrunePlan {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(head, "head");
    removed = List.copyOf(removed);
    kept = List.copyOf(kept);
    swept = List.copyOf(swept);
    Objects.requireNonNull(waiting, "waiting");
    Objects.requireNonNull(clockDoubt, "clockDoubt");
    Objects.requireNonNull(blockage, "blockage");
  }

  /** Whether executing it would change nothing. */
  public boolean isEmpty() {
    boolean begins = waiting.notBegun() > 0 && clockDoubt.isEmpty();
    return removed.isEmpty()
        && swept.isEmpty()
        && !begins
        && packsDeleted == 0
        && packsRewritten == 0
        && blockage.isEmpty();
  }

  /**
   * The plan for people: a line for each snapshot and one for the packs, one for a doubtful clock.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    kept.forEach(d -> line(text, "keep  ", d));
    removed.forEach(d -> line(text, "remove", d));
    swept.forEach(id -> text.append("delete ").append(id).append('\n'));
    clockDoubt.ifPresent(
        doubt -> text.append("the clock is doubtful: ").append(doubt).append('\n'));
    blockage.ifPresent(why -> text.append(why).append('\n'));
    return text.append("packs: ")
        .append(packsDeleted)
        .append(" deleted, ")
        .append(packsRewritten)
        .append(" rewritten (")
        .append(bytesRewritten)
        .append(" bytes); frees ")
        .append(bytesFreed)
        .append(" bytes; ")
        .append(waiting.snapshots())
        .append(" removed snapshots wait with ")
        .append(waiting.bytes())
        .append(" bytes")
        .toString();
  }

  private static void line(StringBuilder text, String what, Decision decision) {
    text.append(what).append(' ').append(decision.id);
    text.append("  ").append(String.join(", ", decision.reasons)).append('\n');
  }
}
