package com.personalaichatbot.dr.core.operation;

import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The result of an export to an archive, or of an import from one.
 *
 * @param snapshots by component, the snapshot that was exported, or that was made by the import
 * @param files files and links in the archive, as far as they were exported or imported
 * @param bytes bytes of those files
 * @param notes what is worth knowing: that the archive holds secrets in clear, what an imported one
 *     lacks, where its time comes from
 * @param duration how long it took
 */
public record ExchangeReport(
    Map<String, SnapshotId> snapshots,
    long files,
    long bytes,
    List<String> notes,
    Duration duration) {

  /** Refuses nulls and keeps copies. */
  public ExchangeReport {
    snapshots = Map.copyOf(snapshots);
    notes = List.copyOf(notes);
    Objects.requireNonNull(duration, "duration");
  }
}
