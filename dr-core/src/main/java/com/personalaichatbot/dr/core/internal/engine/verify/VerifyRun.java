package com.personalaichatbot.dr.core.internal.engine.verify;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.Extension;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.MarkRecord;
import com.personalaichatbot.dr.core.internal.index.BlobDamage;
import com.personalaichatbot.dr.core.internal.index.Dictionaries;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.session.ClientState;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.RepositoryException;
import com.personalaichatbot.dr.core.operation.UnfinishedCommitException;
import com.personalaichatbot.dr.core.operation.VerifyDepth;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A verify: looks at every file of the repository, reads as much of the packs as was asked for, and
 * walks the tree of every snapshot. It says which snapshots and paths each damage hits, and records
 * what it found in the catalog.
 */
public final class VerifyRun {
  private static final int WHOLE = 1000;
  private static final Logger log = LoggerFactory.getLogger(VerifyRun.class);

  private final Session session;
  private final VerifyOptions options;
  private final Findings findings = new Findings();

  /** A verify of this session's repository. */
  public VerifyRun(Session session, VerifyOptions options) {
    this.session = session;
    this.options = options;
  }

  /** Runs it; the caller holds the courtesy lock. */
  public VerifyReport run() throws IOException {
    Instant started = session.clock().instant();
    ClientState.RememberedHead remembered = session.state().remembered();
    History history = session.state().read(session.catalog());
    ClientState.HeadState standing = session.state().standing(remembered, history);
    history.problems().forEach((position, problem) -> catalogProblem(position, problem));
    history
        .newer()
        .ifPresent(entry -> findings.note(EntryFile.name(entry.position())
            + " was written by a newer version; this one restores, and neither writes nor prunes"));
    history
        .slotsInDoubt()
        .ifPresent(position -> findings.note(EntryFile.name(position)
            + " may say which passphrases open the repository: with a passphrase nothing is added to it"
            + " until it is healed from a copy"));

    long lag = session.state().lag(history);
    if (lag > 0) {
      findings.note(
          "LAG: this copy is " + lag + " entries behind what this client has seen of the original");
    }
    new Inventory(session, history, findings).check();
    IndexLoader.Loaded loaded =
        new IndexLoader(session.storage(), session.seals()).loadReadable(history.condemnedPacks());
    for (String stray : history.strays()) {
      if (EntryFile.positionOf(stray) >= 0) {
        findings.note(stray + " is no part of the history any more; the next prune deletes it");
      }
    }
    loaded.damagedIndexes().forEach(findings::flaw);
    PackCheck packs;
    Map<Bytes16, Boolean> intact;
    // Not those of the session: one that is held in memory may not be stored any more.
    try (Dictionaries stored = new Dictionaries()) {
      packs = new PackCheck(session, loaded, history.condemnedPacks(), stored, findings);
      packs.check(options);
      try (Reachability reachability = new Reachability(session, loaded, packs, stored, findings)) {
        intact = reachability.check(history.allSnapshots());
      }
    }
    forgiveHealed(history, loaded, packs);
    boolean anchored =
        standing == ClientState.HeadState.CONTINUED || standing == ClientState.HeadState.UNANCHORED;
    String head = history.headHash().toString();
    if (anchored) {
      if (session.storage().isWritable() && session.format().writeFeatures() == 0) {
        head = recordIfPossible(history, intact, packs);
      }
      session.state().rememberHead(session.catalog());
    }
    return new VerifyReport(
        status(standing),
        findings.damages(),
        findings.notes(),
        packs.blobs(),
        packs.bytes(),
        head,
        Duration.between(started, session.clock().instant()));
  }

  /** What was found counts more than its record: a full disk must not hide it. */
  private String recordIfPossible(History history, Map<Bytes16, Boolean> intact, PackCheck packs)
      throws IOException {
    try {
      return record(history, intact, packs);
    } catch (UnfinishedCommitException e) {
      log.warn("The record of a verify is doubtful: {}", e.getMessage());
      findings.note(e.getMessage() + "; " + e.action());
      return history.headHash().toString();
    } catch (CorruptRepositoryException e) {
      String problem = e.getMessage().substring(e.object().length() + 2);
      Damage.Kind kind = e.getCause() == null ? Damage.Kind.CORRUPT : Damage.Kind.UNREADABLE;
      findings.flaw(e.object(), new BlobDamage(kind, problem));
      return history.headHash().toString();
    } catch (InterruptedIOException | ClosedByInterruptException | RepositoryException e) {
      throw e;
    } catch (IOException e) {
      log.warn("Cannot record the verify of {}: {}", session.storage().location(), e.toString());
      findings.note(
          "the result could not be recorded in the history, so no snapshot became" + " VERIFIED ("
              + e + "); make room on the disk of the repository, and run dr verify again");
      return history.headHash().toString();
    }
  }

  private void catalogProblem(long position, History.Problem problem) {
    String file = EntryFile.name(position);
    switch (problem.kind()) {
      case MISSING -> findings.missing(file, problem.detail());
      case CORRUPT -> findings.corrupt(file, problem.detail());
      case UNREADABLE ->
        findings.flaw(file, new BlobDamage(Damage.Kind.UNREADABLE, problem.detail()));
      default -> findings.misplaced(file, problem.detail());
    }
  }

  /** Damage that is recorded, and hits nothing that is not stored elsewhere by now, is a note. */
  private void forgiveHealed(History history, IndexLoader.Loaded loaded, PackCheck packs) {
    for (String pack : history.damagedPacks()) {
      findings.forgive(
          IndexedPack.file(pack),
          "is damaged, which is known; all that it held is stored elsewhere");
    }
  }

  private VerifyReport.Status status(ClientState.HeadState standing) {
    return switch (standing) {
      case ROLLED_BACK -> VerifyReport.Status.ROLLED_BACK;
      case FORKED -> VerifyReport.Status.FORKED;
      default ->
        findings.damages().isEmpty() ? VerifyReport.Status.CLEAN : VerifyReport.Status.DAMAGED;
    };
  }

  /**
   * Adds a MARK entry with what is new, and gives the fingerprint of the head. That data was read
   * is recorded even if nothing is new, because how long ago that was is what a check asks. Each
   * snapshot that is not whole is in it, so that the entry alone tells how the verify ended. What
   * the storage failed to read may come back: then only damage is recorded, and not that the data
   * was read.
   */
  private String record(History history, Map<Bytes16, Boolean> intact, PackCheck packs)
      throws IOException {
    Map<Bytes16, History.SnapshotMarks> standings = history.standings();
    List<MarkRecord.SnapshotMark> marks = new ArrayList<>();
    boolean unread = findings.isUnreadable();
    boolean news = options.depth() != VerifyDepth.STRUCTURE && !unread;
    for (CatalogEntry entry : history.allSnapshots()) {
      History.SnapshotMarks now = standings.get(entry.id());
      int trust = now == null ? MarkRecord.UNVERIFIED : now.trust();
      boolean whole = intact.getOrDefault(entry.id(), false);
      boolean readAll = options.depth() == VerifyDepth.READ_ALL;
      if (whole && readAll && !unread && trust == MarkRecord.UNVERIFIED) {
        marks.add(new MarkRecord.SnapshotMark(entry.id(), MarkRecord.VERIFIED, 0));
        news = true;
      } else if (findings.isDamaged(entry)) {
        marks.add(new MarkRecord.SnapshotMark(entry.id(), MarkRecord.UNVERIFIED, 0));
        news |= trust == MarkRecord.VERIFIED || trust == MarkRecord.PROVEN;
      }
    }
    Set<String> damagedPacks = new TreeSet<>(packs.damaged());
    damagedPacks.removeAll(history.damagedPacks());
    Set<KeyedId> damagedBlobs = new HashSet<>(findings.lostBlobs());
    damagedBlobs.removeAll(history.damagedBlobs());
    boolean nothing = !news && damagedPacks.isEmpty() && damagedBlobs.isEmpty();
    // Above a newest entry that cannot be read nothing is added: that would leave it out of the
    // history for good, and it may come back, from the disk or from a copy.
    if (nothing || history.newer().isPresent() || history.lastPosition() > history.headPosition()) {
      return history.headHash().toString();
    }
    try {
      session.catalog().requireGoesOn(history);
    } catch (CorruptRepositoryException e) {
      return history.headHash().toString();
    }
    int coverage = switch (unread ? VerifyDepth.STRUCTURE : options.depth()) {
      case READ_ALL -> WHOLE;
      case SAMPLE -> options.samplePercent() * 10;
      default -> 0;
    };
    MarkRecord record = new MarkRecord(
        session.clock().instant(),
        MarkRecord.BY_VERIFY,
        coverage,
        marks,
        List.copyOf(damagedBlobs),
        List.copyOf(damagedPacks),
        Extension.NONE);
    Catalog.Committed committed = session
        .catalog()
        .commit(
            history, Long.MAX_VALUE, session.seals().newBytes16(), record.encode(), new byte[0]);
    session.state().notePassed(history, committed);
    return committed.hash().toString();
  }

  /** The findings of a verify so far. Thread-safe. */
  static final class Findings {
    private final Map<String, Found> found = new java.util.TreeMap<>();
    private final Set<String> notes = new TreeSet<>();
    private final Set<KeyedId> lost = new HashSet<>();
    private final Set<Bytes16> damagedSnapshots = new HashSet<>();

    private static final class Found {
      private static final int MAX_PATHS = 1000;
      private final Damage.Kind kind;
      private final String detail;
      private final TreeSet<Hit> hits = new TreeSet<>();
      private final TreeSet<String> paths = new TreeSet<>();

      Found(Damage.Kind kind, String detail) {
        this.kind = kind;
        this.detail = detail;
      }
    }

    private record Hit(long position, Bytes16 snapshot) implements Comparable<Hit> {
      @Override
      public int compareTo(Hit other) {
        return Long.compare(other.position, position);
      }
    }

    synchronized void note(String note) {
      notes.add(note);
    }

    void missing(String object, String detail) {
      add(object, Damage.Kind.MISSING, detail);
    }

    void corrupt(String object, String detail) {
      add(object, Damage.Kind.CORRUPT, detail);
    }

    void flaw(String object, BlobDamage flaw) {
      add(object, flaw.kind(), flaw.detail());
    }

    void misplaced(String object, String detail) {
      add(object, Damage.Kind.MISPLACED, detail);
    }

    private synchronized Found add(String object, Damage.Kind kind, String detail) {
      return found.computeIfAbsent(object, o -> new Found(kind, detail));
    }

    /** Says that a damaged object hits a path in a snapshot. */
    synchronized void hit(
        String object, Damage.Kind kind, String detail, CatalogEntry snapshot, String path) {
      Found damage = add(object, kind, detail);
      if (kind != Damage.Kind.UNREADABLE) {
        damagedSnapshots.add(snapshot.id());
      }
      damage.hits.add(new Hit(snapshot.position(), snapshot.id()));
      if (damage.paths.size() < Found.MAX_PATHS) {
        damage.paths.add(path);
      }
    }

    synchronized void lost(KeyedId blob) {
      lost.add(blob);
    }

    synchronized Set<KeyedId> lostBlobs() {
      return Set.copyOf(lost);
    }

    /** Whether something of a snapshot is missing or wrong, and not only unreadable just now. */
    synchronized boolean isDamaged(CatalogEntry snapshot) {
      return damagedSnapshots.contains(snapshot.id());
    }

    /** Whether the storage failed to read something. */
    synchronized boolean isUnreadable() {
      return found.values().stream().anyMatch(f -> f.kind == Damage.Kind.UNREADABLE);
    }

    /** Turns a damage that hits no snapshot into a note. */
    synchronized void forgive(String object, String note) {
      Found damage = found.get(object);
      if (damage != null && damage.hits.isEmpty()) {
        found.remove(object);
        notes.add(object + " " + note);
      }
    }

    synchronized List<Damage> damages() {
      List<Damage> damages = new ArrayList<>();
      found.forEach((object, damage) -> damages.add(new Damage(
          object,
          damage.kind,
          damage.detail,
          damage.hits.stream().map(hit -> Snapshots.id(hit.snapshot)).toList(),
          List.copyOf(damage.paths))));
      return damages;
    }

    synchronized List<String> notes() {
      return List.copyOf(notes);
    }
  }
}
