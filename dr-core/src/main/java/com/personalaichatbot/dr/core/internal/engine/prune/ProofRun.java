package com.personalaichatbot.dr.core.internal.engine.prune;

import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.MarkRecord;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.snapshot.Proof;
import com.personalaichatbot.dr.core.snapshot.Proofs;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads out of the history when data was read back and when a drill was held. */
public final class ProofRun {
  private static final Map<Integer, Proof.Kind> KINDS =
      Map.of(MarkRecord.BY_VERIFY, Proof.Kind.VERIFY, MarkRecord.BY_DRILL, Proof.Kind.DRILL);

  private ProofRun() {}

  /** The proofs of this session's repository. */
  public static Proofs of(Session session) throws IOException {
    History history = session.state().read(session.catalog());
    List<Proof> proofs = new ArrayList<>();
    for (CatalogEntry entry : history.entries().values()) {
      if (isProof(entry)) {
        proofs.add(proof(entry.mark()));
      }
    }
    Instant since = RetentionRun.times(history)
        .min(Instant::compareTo)
        .orElseGet(() -> session.clock().instant());
    return new Proofs(since, proofs);
  }

  /** The positions of the newest proof of each kind, which outlive a prune. */
  static Set<Long> newestOfEachKind(History history) {
    Map<Integer, Long> newest = new TreeMap<>();
    for (CatalogEntry entry : history.entries().values()) {
      if (isProof(entry)) {
        newest.put(entry.mark().method(), entry.position());
      }
    }
    return Set.copyOf(newest.values());
  }

  /** A check of the structure alone proves nothing about the data. */
  private static boolean isProof(CatalogEntry entry) {
    return entry.mark() != null
        && KINDS.containsKey(entry.mark().method())
        && entry.mark().coverage() > 0;
  }

  private static Proof proof(MarkRecord mark) {
    List<SnapshotId> failed = mark.snapshots().stream()
        .filter(one -> one.change() == MarkRecord.UNVERIFIED)
        .map(one -> Snapshots.id(one.snapshot()))
        .toList();
    return new Proof(KINDS.get(mark.method()), mark.time(), mark.coverage() / 1000.0, failed);
  }
}
