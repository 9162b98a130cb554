package com.personalaichatbot.dr.core.internal.engine.backup;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.DataSize;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.format.ComponentStatus;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.ExcludesRecord;
import com.personalaichatbot.dr.core.internal.format.Extension;
import com.personalaichatbot.dr.core.internal.format.FiguresRecord;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord.ComponentRecord;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.scan.Glob;
import com.personalaichatbot.dr.core.internal.scan.Nesting;
import com.personalaichatbot.dr.core.internal.scan.ScanRules;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.internal.write.Deadline;
import com.personalaichatbot.dr.core.internal.write.NewSnapshot;
import com.personalaichatbot.dr.core.internal.write.Parents;
import com.personalaichatbot.dr.core.internal.write.SampleRun;
import com.personalaichatbot.dr.core.internal.write.Youth;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupRefusedException;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.OperationCancelledException;
import com.personalaichatbot.dr.core.operation.ShrunkComponent;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** A backup, from the components to the committed snapshot. */
public final class BackupRun {
  private static final long MIN_RESERVE = 20_000_000;

  /**
   * The race between the run and the one who waits for it: who is first decides whether there will
   * be a snapshot.
   */
  private enum Phase {
    GATHERING,
    COMMITTING,
    GIVEN_UP
  }

  private final Session session;
  private final List<Component> components;
  private final BackupOptions options;
  private final BackupCounts counts;
  private final List<ShrunkComponent> shrunk = new ArrayList<>();
  private Map<String, String> leftOut = Map.of();
  private final Deadline deadline;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.GATHERING);

  /** A backup of these components. */
  public BackupRun(Session session, List<Component> components, BackupOptions options) {
    this.session = session;
    this.components = List.copyOf(components);
    this.options = options;
    this.deadline = Deadline.in(options.deadline());
    this.counts = new BackupCounts(session.progress());
  }

  /** Lists components as failed, for these reasons, and does not read them; before it runs. */
  public void leaveOut(Map<String, String> components) {
    leftOut = Map.copyOf(components);
  }

  /** Runs it; the caller holds the courtesy lock. */
  public BackupReport run() throws IOException {
    requirePossible();
    Instant started = session.clock().instant();
    try (NewSnapshot making = NewSnapshot.begin(session)) {
      deadline.reserve(
          Math.max(session.state().commitNanos() * 3 / 2, 2 * deadline.elapsed() + MIN_RESERVE));
      expectedBytes(making.parents()).ifPresent(counts::expect);
      Dictionary dictionary = dictionary(making);
      List<Captured> captured = new ArrayList<>();
      for (Component component : mostWantedFirst()) {
        capture(component, making, dictionary).ifPresent(captured::add);
      }
      Optional<Snapshot> snapshot = captured.isEmpty()
          ? Optional.empty()
          : Optional.of(making.commit(
              rootEntries(captured), deadline, new NewSnapshot.Description() {
                @Override
                public SnapshotRecord describe(KeyedId root) {
                  Dictionary used = making.output().trial().pays() ? dictionary : null;
                  return record(started, making.base(), root, used, captured);
                }

                @Override
                public SnapshotRecord beforeCommit(SnapshotRecord record) throws IOException {
                  requireWanted();
                  return record.withFinished(session.clock().instant());
                }
              }));
      return report(snapshot, making.head(), making.bytesStored(), started);
    }
  }

  /** What all components had in the snapshots before; empty if one of them is new. */
  private OptionalLong expectedBytes(Parents parents) {
    long sum = 0;
    for (Component component : components) {
      OptionalLong bytes =
          parents.bytes(component.name(), Snapshots.rawPath(component.source().path()));
      if (bytes.isEmpty()) {
        return bytes;
      }
      sum += bytes.getAsLong();
    }
    return OptionalLong.of(sum);
  }

  /** Configuration and secrets come first where there may not be time for all. */
  private List<Component> mostWantedFirst() {
    if (!deadline.isSet()) {
      return components;
    }
    return components.stream()
        .sorted(Comparator.comparing(c -> c.kind() != Kind.CONFIG && c.kind() != Kind.SECRETS))
        .toList();
  }

  /**
   * Has the run end without a snapshot, as soon as it can; from any thread.
   *
   * @return false if it is too late for that: the run commits, or has committed
   */
  boolean giveUp() {
    return phase.compareAndSet(Phase.GATHERING, Phase.GIVEN_UP);
  }

  /** What is reported of a run that is not waited for any longer. */
  BackupReport givenUpReport(Duration after, String known) {
    counts
        .begin(Kind.CUSTOM, false)
        .failed("/", "the storage did not answer before the deadline; " + known);
    return new BackupReport(
        Optional.empty(),
        BackupStatus.FAILED,
        "",
        counts.files(),
        counts.failures(),
        counts.skipped(),
        List.of(),
        counts.bytesRead(),
        counts.bytesAdded(),
        0,
        after);
  }

  /**
   * Refuses components that are not to be backed up here; nothing was done then.
   *
   * @throws IllegalArgumentException if two have one name
   * @throws BackupRefusedException if one and the repository lie inside each other, or the state
   *     directory lies in one
   */
  public void requirePossible() throws IOException {
    Optional<Path> repository = session.storage().localPath();
    Set<String> names = new HashSet<>();
    for (Component component : components) {
      if (!names.add(component.name())) {
        throw new IllegalArgumentException("two components are named " + component.name());
      }
      Path source = component.source().path();
      if (repository.isPresent()
          && (Nesting.contains(source, repository.get())
              || Nesting.contains(repository.get(), source))) {
        throw new BackupRefusedException(
            "component " + component.name(),
            "it lies inside the repository at " + repository.get()
                + ", or the repository inside it",
            "keep the repository apart from what it protects");
      }
      Optional<Path> state = session.state().path();
      if (state.isPresent() && Nesting.contains(source, state.get())) {
        throw new BackupRefusedException(
            "component " + component.name(),
            "the state directory " + state.get() + " lies in it, and a restore would put it back",
            "keep the state directory apart from what is protected");
      }
    }
  }

  /**
   * The dictionary of the newest snapshot. If it has none, because there was none or it did not
   * pay, one is trained now on what is to be saved.
   */
  private Dictionary dictionary(NewSnapshot making) throws IOException {
    Dictionary known = making.knownDictionary();
    if (known != null || deadline.isSet() || !making.output().compressesWithDictionary()) {
      return known;
    }
    Optional<byte[]> trained = new SampleRun(components, rules()).train();
    return trained.isPresent() ? making.output().writeDictionary(trained.get()) : null;
  }

  private ScanRules rules() {
    return new ScanRules(
        options.excludes().stream().map(Glob::of).toList(), session.storage().localPath());
  }

  /** One component as it was captured. */
  private record Captured(ComponentRecord component, TreeEntry root) {}

  private Optional<Captured> capture(Component component, NewSnapshot making, Dictionary dictionary)
      throws IOException {
    byte[] path = Snapshots.recordedPath(session, component.source().path());
    Parents.Parent parent = making.parents().of(component.name(), path);
    BackupCounts.OfComponent own = counts.begin(component.kind(), parent.entry() != null);
    if (leftOut.containsKey(component.name())) {
      own.failed(component.name(), leftOut.get(component.name()));
      return Optional.empty();
    }
    try (SourceScan scan = new SourceScan(component, rules(), own)) {
      ScannedEntry root;
      try {
        root = root(scan, parent);
        requireListable(root);
      } catch (IOException e) {
        own.failed(
            component.name(), Failures.describe(e) + ": " + component.source().path());
        return Optional.empty();
      }
      boolean secret = component.kind() == Kind.SECRETS;
      TreeEntry entry = new TreeCapture(
              session.workers(),
              scan,
              own,
              making.output(),
              secret ? null : dictionary,
              parent,
              making.lossyIndex(),
              deadline)
          .capture(root);
      if (entry == null) {
        return Optional.empty();
      }
      return Optional.of(new Captured(
          new ComponentRecord(
              component.name(),
              component.kind().ordinal(),
              component.criticality().ordinal(),
              path,
              status(component, parent.size(), own),
              own.files(),
              own.bytes()),
          entry));
    }
  }

  /**
   * The status of a component that was captured. What it lost counts before what could not be read:
   * a snapshot that is not to be compared with must not look like one that is merely INCOMPLETE.
   */
  private ComponentStatus status(
      Component component, DataSize before, BackupCounts.OfComponent own) {
    DataSize after = own.comparableWith(before);
    boolean counted = Snapshots.countsAsLatest(options.purpose().ordinal());
    if (counted && component.shrinkage().isExceededBy(before, after)) {
      shrunk.add(new ShrunkComponent(component.name(), before, after, options.acceptShrunk()));
      if (!options.acceptShrunk()) {
        return ComponentStatus.SHRUNK;
      }
    }
    return own.isComplete() ? ComponentStatus.COMPLETE : ComponentStatus.INCOMPLETE;
  }

  /** The status of the snapshot, which is INCOMPLETE also for a component that it lacks. */
  private ComponentStatus status() {
    if (!counts.failures().isEmpty()) {
      return ComponentStatus.INCOMPLETE;
    }
    return shrunk.stream().allMatch(ShrunkComponent::accepted)
        ? ComponentStatus.COMPLETE
        : ComponentStatus.SHRUNK;
  }

  /**
   * Returns the component itself. One that was there before and is missing may have been renamed
   * away for a moment.
   */
  private ScannedEntry root(SourceScan scan, Parents.Parent parent) throws IOException {
    for (int attempt = 0; ; attempt++) {
      try {
        return scan.root();
      } catch (NoSuchFileException e) {
        if (parent.entry() == null || attempt == 2) {
          throw e;
        }
        long pause = Math.min(Youth.LOOK_AFTER << 2 * attempt, deadline.remaining());
        session.pace().pause(Math.max(0, pause));
      }
    }
  }

  /** A directory that cannot be listed would be stored as empty, and be restored as that. */
  private static void requireListable(ScannedEntry root) throws IOException {
    if (root.type() == EntryType.DIRECTORY) {
      Directories.requireListable(root.path());
    }
  }

  private static List<TreeEntry> rootEntries(List<Captured> captured) {
    return captured.stream()
        .map(Captured::root)
        .sorted((a, b) -> TreeEntry.compareNames(a.name(), b.name()))
        .toList();
  }

  /** Gives up if nobody waits for the snapshot any longer. */
  private void requireWanted() throws OperationCancelledException {
    if (!phase.compareAndSet(Phase.GATHERING, Phase.COMMITTING)) {
      long atMost = options.deadline().map(Duration::toNanos).orElse(0L);
      session.state().rememberCommitNanos(Math.min(deadline.sinceNoticed(), atMost));
      throw new OperationCancelledException(
          "backup", "the deadline passed before the snapshot was durable", "run it again");
    }
  }

  private SnapshotRecord record(
      Instant started, long base, KeyedId root, Dictionary dictionary, List<Captured> captured) {
    List<ComponentRecord> records = captured.stream().map(Captured::component).toList();
    return new SnapshotRecord(
        options.purpose().ordinal(),
        status(),
        started,
        session.clock().instant(),
        base,
        session.host(),
        root,
        dictionary == null ? null : dictionary.id(),
        null,
        records.stream().mapToLong(ComponentRecord::files).sum(),
        records.stream().mapToLong(ComponentRecord::bytes).sum(),
        options.tags(),
        records,
        extension(started));
  }

  private Extension extension(Instant started) {
    Extension figures = Extension.NONE.with(Extension.FIGURES, figures(started).encode());
    SortedMap<String, List<String>> excludes = new TreeMap<>();
    for (Component component : components) {
      List<String> patterns = new ArrayList<>(options.excludes());
      patterns.addAll(component.excludes());
      if (!patterns.isEmpty()) {
        excludes.put(component.name(), patterns);
      }
    }
    return excludes.isEmpty()
        ? figures
        : figures.with(Extension.EXCLUDES, new ExcludesRecord(excludes).encode());
  }

  private FiguresRecord figures(Instant started) {
    return new FiguresRecord(started, options.purpose().ordinal(), counts.figures());
  }

  private BackupReport report(
      Optional<Snapshot> snapshot, String head, long stored, Instant started) {
    return new BackupReport(
        snapshot,
        snapshot.map(Snapshot::status).orElse(BackupStatus.FAILED),
        head,
        counts.files(),
        counts.failures(),
        counts.skipped(),
        shrunk.stream().sorted(Comparator.comparing(ShrunkComponent::component)).toList(),
        counts.bytesRead(),
        counts.bytesAdded(),
        stored,
        Duration.between(started, session.clock().instant()));
  }
}
