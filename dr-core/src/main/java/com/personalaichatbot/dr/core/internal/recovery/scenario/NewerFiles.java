package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.figures.ContentInspector;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.recovery.run.RunRecord;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.store.PathRules;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.DiffReport;
import com.personalaichatbot.dr.core.operation.ListedEntry;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.Severity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Conversations that were written after the clean point, and that nobody has to lose: each in the
 * newest version, the evidence included, that validates and shows nothing suspicious. Whether an
 * intruder wrote them no rule can tell, so they are taken only if a person says so. Settings and
 * secrets are never offered: a backdoor in them is valid.
 */
final class NewerFiles {
  private static final Duration HOURS = Duration.ofHours(4);
  private static final int MOST_OFFERED = 1000;
  private static final int MOST_SHOWN = 20;
  private static final String CANARY = ".dr-canary";

  /** Before the path of a file that is offered: the snapshot that holds it. */
  private static final String OFFERED = "newer/";

  private final StepRun run;
  private final List<Snapshot> snapshots;
  private final Optional<Snapshot> evidence;
  private final SortedMap<String, Snapshot> offered = new TreeMap<>();

  private NewerFiles(StepRun run) throws IOException {
    this.run = run;
    this.snapshots = run.repository().snapshots();
    this.evidence = Evidence.last(run);
  }

  static Step find() {
    return Step.check(
            "find-newer",
            "Find conversations that are newer and seem to be in order",
            context -> new NewerFiles(StepRun.of(context)).findAll())
        .byHand("Compare the evidence with the snapshot that was restored, and look through the"
            + " conversations that are newer.")
        .onFailure(Step.OnFailure.SKIP)
        .timeout(HOURS)
        .build();
  }

  static Step approve() {
    return Step.approve("approve-newer", "Approve the newer conversations")
        .run(context -> {
          SortedMap<String, String> offered = offered(StepRun.of(context));
          return "Take " + offered.size() + " newer conversations, which validate and show nothing"
              + " suspicious? They may hold what an intruder wrote: " + shown(offered) + ".";
        })
        .byHand("Say whether the newer conversations are to be taken.")
        .alreadyDone(context ->
            context.options().newerFiles() || offered(StepRun.of(context)).isEmpty())
        .owner("security officer")
        .declinable()
        .timeout(Duration.ofHours(24))
        .build();
  }

  static Step take() {
    return Step.action(
            "take-newer",
            "Take the newer conversations that were approved",
            context -> new NewerFiles(StepRun.of(context)).takeAll())
        .byHand("Restore the conversations that were approved, each from its snapshot.")
        .onFailure(Step.OnFailure.SKIP)
        .timeout(HOURS)
        .build();
  }

  private static SortedMap<String, String> offered(StepRun run) {
    SortedMap<String, String> offered = new TreeMap<>();
    run.facts().forEach((name, value) -> {
      if (name.startsWith(OFFERED)) {
        offered.put(name.substring(OFFERED.length()), value);
      }
    });
    return offered;
  }

  private static String shown(SortedMap<String, String> offered) {
    return offered.keySet().stream().limit(MOST_SHOWN).collect(Collectors.joining(", "))
        + (offered.size() > MOST_SHOWN ? " and " + (offered.size() - MOST_SHOWN) + " more" : "");
  }

  private String findAll() throws Exception {
    Path scratch = run.setup().newScratch("newer");
    try {
      for (Component component : run.components()) {
        Optional<Snapshot> clean = run.recall(RunRecord.SNAPSHOT + component.name())
            .flatMap(id ->
                snapshots.stream().filter(s -> s.id().toString().equals(id)).findFirst());
        Path real = PathRules.real(component.source().path());
        boolean validates = real.startsWith(PathRules.real(run.data()));
        if (component.kind() == Kind.CONVERSATIONS && clean.isPresent() && validates) {
          String place = PathRules.real(run.data()).relativize(real).toString();
          find(component, clean.get(), scratch, place);
        }
      }
    } finally {
      TargetDirectories.deleteTree(scratch);
    }
    offered.forEach(
        (path, snapshot) -> run.remember(OFFERED + path, snapshot.id().toString()));
    offered.entrySet().stream()
        .limit(MOST_SHOWN)
        .forEach(one -> run.note(one.getKey() + " is in snapshot "
            + one.getValue().id().abbreviated() + " of " + one.getValue().started()));
    run.detail("newer", Integer.toString(offered.size()));
    return offered.size() + " newer conversations validate and show nothing suspicious.";
  }

  private void find(Component component, Snapshot clean, Path scratch, String place)
      throws Exception {
    List<Snapshot> newestFirst = new ArrayList<>(snapshots);
    Collections.reverse(newestFirst);
    for (Snapshot newer : newestFirst) {
      if (!isNewer(newer, clean, component) || offered.size() >= MOST_OFFERED) {
        continue;
      }
      try {
        Path data = Files.createDirectory(scratch.resolve(newer.id().toString()));
        offer(newer, copies(component, clean, newer, data.resolve(place)), data);
        TargetDirectories.deleteTree(data);
      } catch (CorruptRepositoryException e) {
        run.note("Snapshot " + newer.id().abbreviated() + " cannot be looked through: "
            + e.getMessage());
      }
    }
  }

  /** What was taken after the evidence is of data that this run has replaced. */
  private boolean isNewer(Snapshot newer, Snapshot clean, Component component) {
    boolean wasTheirs = evidence.isPresent()
        ? newer.sequence() <= evidence.get().sequence()
        : newer.purpose() != Purpose.QUARANTINE;
    return wasTheirs
        && newer.sequence() > clean.sequence()
        && newer.host().equals(clean.host())
        && newer.component(component.name()).isPresent();
  }

  /** Copies what a snapshot holds besides the clean one and looks whole, by its path there. */
  private Map<String, Path> copies(Component component, Snapshot clean, Snapshot newer, Path to)
      throws IOException {
    DiffReport diff = run.repository().diff(Selector.of(clean.id()), Selector.of(newer.id()));
    Set<String> added = new HashSet<>(diff.added());
    Set<String> changed = new HashSet<>(diff.changed());
    List<String> files = new ArrayList<>();
    run.repository().list(newer.id(), component.name(), entry -> {
      if (entry.type() == ListedEntry.Type.FILE
          && (added.contains(entry.path()) || changed.contains(entry.path()))
          && !offered.containsKey(entry.path())) {
        files.add(entry.path());
      }
    });
    Map<String, Path> copies = new TreeMap<>();
    for (String path : files) {
      String name = path.substring(path.lastIndexOf('/') + 1);
      byte[] content = content(newer, path);
      ContentInspector look = new ContentInspector(RawName.parse(name));
      look.add(content, 0, content.length);
      boolean isSame = changed.contains(path) && Arrays.equals(content, content(clean, path));
      if (look.end().isEmpty() && !name.startsWith(CANARY) && !isSame) {
        Path copy = SnapshotPath.resolve(to, path.substring(component.name().length()));
        Files.createDirectories(copy.getParent());
        copies.put(path, Files.write(copy, content));
      }
    }
    return copies;
  }

  private byte[] content(Snapshot snapshot, String path) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    run.repository().read(snapshot.id(), path, out);
    return out.toByteArray();
  }

  private void offer(Snapshot newer, Map<String, Path> copies, Path data) throws Exception {
    if (copies.isEmpty()) {
      return;
    }
    Set<Path> damaged = run.setup().validator().validate(data).findings().stream()
        .filter(f -> f.severity() == Severity.ERROR)
        .map(Finding::path)
        .collect(Collectors.toSet());
    copies.forEach((path, copy) -> {
      if (!damaged.contains(copy) && offered.size() < MOST_OFFERED) {
        offered.put(path, newer);
      }
    });
  }

  private String takeAll() throws Exception {
    SortedMap<String, String> wanted = offered(run);
    boolean approved = run.options().newerFiles()
        || run.report()
            .step("approve-newer")
            .filter(s -> s.status() == StepStatus.CONFIRMED)
            .isPresent();
    if (wanted.isEmpty() || !approved) {
      return "Nothing newer is taken.";
    }
    long taken = 0;
    for (Snapshot snapshot : snapshots) {
      for (Component component : run.components()) {
        SortedSet<String> paths = new TreeSet<>();
        wanted.forEach((path, id) -> {
          if (id.equals(snapshot.id().toString()) && path.startsWith(component.name() + "/")) {
            paths.add(path);
          }
        });
        taken += paths.isEmpty() ? 0 : take(snapshot, component, paths);
      }
    }
    run.detail("taken", Long.toString(taken));
    return taken + " newer conversations were taken.";
  }

  private long take(Snapshot snapshot, Component component, SortedSet<String> paths)
      throws IOException {
    List<Component> one = List.of(component);
    RestoreReport report = run.repository()
        .restore(Restoration.plan(run, snapshot, one, Map.of(component.name(), paths), false), one);
    for (PathProblem problem : report.failures()) {
      run.note(problem.path() + " could not be taken: " + problem.reason());
    }
    return paths.size() - report.failures().size();
  }
}
