package com.personalaichatbot.dr.core.internal.engine.prune;

import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.PackedBlob;
import com.personalaichatbot.dr.core.internal.index.BlobDamage;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.BlobLocation;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.pack.PackWriter;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.write.BlobSink;
import com.personalaichatbot.dr.core.internal.write.PackOutput;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes sure that a prune loses nothing, and is the only way from a plan to the packs that are
 * condemned. Each blob that is reached and that a pack which is to go holds must have another
 * place: an old one in a pack that stays, or a new one, to which it is moved here. Either is opened
 * and compared in this run. That a blob is marked elsewhere proves nothing, for the index marks one
 * place without opening it.
 *
 * <p>A pack of which such a blob cannot be had elsewhere stays, however damaged it is: a copy of
 * the repository may heal it. What cannot be read just now ends the run. Not thread-safe.
 */
final class SafeMove implements AutoCloseable {
  private final Session session;
  private final PackPlan plan;
  private final Optional<PackOutput> output;
  private final BlobIndex newPlaces;
  private final BlobReader reader;
  private final Set<String> going = new HashSet<>();
  private final Set<String> visited = new HashSet<>();
  private final Set<String> stay = new HashSet<>();
  private final Set<KeyedId> settled = new HashSet<>();
  private final Set<KeyedId> lost;
  private final List<KeyedId> moved = new ArrayList<>();

  private SafeMove(
      Session session, PackPlan plan, Optional<PackOutput> output, BlobIndex newPlaces) {
    this.session = session;
    this.plan = plan;
    this.output = output;
    this.newPlaces = newPlaces;
    this.lost = new HashSet<>(plan.lost());
    this.reader = newReader(plan.index());
    going.addAll(plan.deleted());
    going.addAll(plan.rewritten());
  }

  /**
   * The packs that may be condemned.
   *
   * @param lost leaves that are reached and that no place holds whole
   * @param packsWritten new packs, which are durable
   * @param bytesStored their length
   */
  record Outcome(Set<String> condemned, Set<KeyedId> lost, int packsWritten, long bytesStored) {}

  /** Moves what is needed of the packs that a plan rewrites or deletes, durably. */
  static Outcome move(Session session, PackPlan plan) throws IOException {
    BlobIndex newPlaces = new BlobIndex();
    IndexLoader loader = new IndexLoader(session.storage(), session.seals());
    try (PackOutput output = new PackOutput(session, newPlaces, loader);
        SafeMove run = new SafeMove(session, plan, Optional.of(output), newPlaces)) {
      return run.run();
    }
  }

  /** Writes nothing: a pack of which something would have to be moved stays. */
  static Outcome leave(Session session, PackPlan plan) throws IOException {
    try (SafeMove run = new SafeMove(session, plan, Optional.empty(), new BlobIndex())) {
      return run.run();
    }
  }

  private BlobReader newReader(BlobIndex index) {
    return new BlobReader(session.storage(), session.seals(), index, session.dictionaries());
  }

  private Outcome run() throws IOException {
    IndexLoader loader = new IndexLoader(session.storage(), session.seals());
    if (output.isPresent()) {
      BlobSink sink = output.get().borrow();
      try {
        requireKnown(loader.forEachOf(going, pack -> visit(pack, Optional.of(sink))));
      } finally {
        output.get().giveBack(sink);
      }
      output.get().finish();
      requireMoved();
    } else {
      requireKnown(loader.forEachOf(going, pack -> visit(pack, Optional.empty())));
    }
    if (!visited.equals(going)) {
      throw new IllegalStateException("not every pack that is to go was looked into");
    }
    Set<String> condemned = new HashSet<>(going);
    condemned.removeAll(stay);
    condemned.addAll(plan.junk());
    return new Outcome(
        condemned,
        lost,
        output.map(PackOutput::packsWritten).orElse(0),
        output.map(PackOutput::bytesStored).orElse(0L));
  }

  private static void requireKnown(Map<String, BlobDamage> unknown)
      throws CorruptRepositoryException {
    for (Map.Entry<String, BlobDamage> pack : unknown.entrySet()) {
      throw new CorruptRepositoryException(
          IndexedPack.file(pack.getKey()),
          "nobody knows what it holds: " + pack.getValue().detail(),
          "run dr verify, heal the repository from a copy, and run the prune again");
    }
  }

  private void visit(IndexedPack pack, Optional<BlobSink> sink) throws IOException {
    BlobIndex.Use use = plan.use(pack.name());
    List<PackedBlob> blobs = pack.contents().blobs();
    if (use.blobs() != blobs.size()) {
      throw new CorruptRepositoryException(
          pack.file(),
          "it holds " + blobs.size() + " blobs by one index and " + use.blobs() + " by another",
          "run dr verify; nothing was deleted");
    }
    visited.add(pack.name());
    int record = use.firstRecord();
    for (PackedBlob blob : blobs) {
      if (plan.index().isMarkedAnywhere(record++, plan.marks())) {
        settle(blob, sink.map(one -> one.pack(pack.contents().kind())));
      }
    }
  }

  /** Finds or makes a place outside the packs that go. */
  private void settle(PackedBlob blob, Optional<PackWriter> to) throws IOException {
    List<BlobLocation> places = plan.index().places(blob.id());
    if (places.size() > 1 && !settled.add(blob.id())) {
      return;
    }
    Optional<CorruptRepositoryException> unreadable = Optional.empty();
    for (boolean isGoing : new boolean[] {false, true}) {
      for (BlobLocation place : places) {
        if (going.contains(place.pack()) != isGoing) {
          continue;
        }
        Optional<BlobDamage> flaw =
            isGoing && to.isPresent() ? reader.copy(place, to.get()) : reader.problem(place);
        if (flaw.isEmpty()) {
          if (isGoing) {
            moveOrStay(place, to);
          }
          return;
        }
        if (flaw.get().kind() == Damage.Kind.UNREADABLE) {
          unreadable = Optional.of(unreadable(place, flaw.get()));
        }
      }
    }
    if (unreadable.isPresent()) {
      throw unreadable.get();
    }
    lose(blob, places);
  }

  private void moveOrStay(BlobLocation place, Optional<PackWriter> to) throws IOException {
    if (to.isEmpty()) {
      stay.add(place.pack());
      return;
    }
    moved.add(place.id());
    if (to.get().isFull()) {
      output.orElseThrow().write(to.get());
    }
  }

  /** What no place holds whole stays as it is, for a copy may heal it. */
  private void lose(PackedBlob blob, List<BlobLocation> places) throws IOException {
    if (blob.type() != BlobType.DATA) {
      throw new CorruptRepositoryException(
          "blob " + blob.id(),
          "it was whole a moment ago and is no longer",
          "check the disk that the repository lies on, and run dr verify; nothing was deleted");
    }
    places.forEach(place -> stay.add(place.pack()));
    lost.add(blob.id());
  }

  private static CorruptRepositoryException unreadable(BlobLocation place, BlobDamage flaw) {
    return new CorruptRepositoryException(
        place.file(),
        flaw.detail(),
        "check the disk that the repository lies on, and run the prune again; nothing was deleted",
        new IOException(flaw.detail()));
  }

  /** Opens and compares what was moved, at its new place. */
  private void requireMoved() throws IOException {
    try (BlobReader again = newReader(newPlaces)) {
      for (KeyedId id : moved) {
        boolean whole = false;
        for (BlobLocation place : newPlaces.places(id)) {
          whole |= again.problem(place).isEmpty();
        }
        if (!whole) {
          throw new CorruptRepositoryException(
              "blob " + id,
              "it was moved to a new pack and does not read back as it was written",
              "check the disk that the repository lies on; nothing was deleted");
        }
      }
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
