package com.personalaichatbot.dr.core.internal.read;

import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.Extension;
import com.personalaichatbot.dr.core.internal.format.FiguresRecord;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.PruneRecord;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.snapshot.Figures;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads what backups noticed, of the snapshots that are there and of those that were removed. */
public final class FiguresRun {
  private FiguresRun() {}

  /** The figures of a history, oldest first; snapshots that have none are left out. */
  public static List<Figures> of(History history) {
    List<Figures> all = new ArrayList<>();
    for (CatalogEntry entry : history.entries().values()) {
      if (entry.snapshot() != null) {
        of(entry.id(), entry.position(), entry.snapshot().extension()).ifPresent(all::add);
      } else if (entry.prune() != null) {
        for (PruneRecord.Removed gone : entry.prune().removed()) {
          of(gone.snapshot(), gone.position(), gone.extension()).ifPresent(all::add);
        }
      }
    }
    all.sort(Comparator.comparingLong(Figures::sequence));
    return all;
  }

  /** What is kept of a snapshot that is removed: its figures, without a name. */
  public static Extension ofRemoved(SnapshotRecord record) {
    return read(record.extension())
        .map(figures ->
            Extension.NONE.with(Extension.FIGURES, figures.withoutNames().encode()))
        .orElse(Extension.NONE);
  }

  private static Optional<Figures> of(Bytes16 id, long position, Extension extension) {
    return read(extension)
        .filter(record -> record.purpose() < Purpose.values().length)
        .map(record -> new Figures(
            Snapshots.id(id),
            position,
            record.time(),
            Purpose.values()[record.purpose()],
            record.kinds()));
  }

  /** Figures that this version cannot read are as good as none: no data depends on them. */
  private static Optional<FiguresRecord> read(Extension extension) {
    byte[] part = extension.parts().get(Extension.FIGURES);
    if (part == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(FiguresRecord.decode(part));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
