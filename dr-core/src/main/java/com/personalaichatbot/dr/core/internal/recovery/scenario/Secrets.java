package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.internal.store.DurableFile;
import com.personalaichatbot.dr.core.internal.store.PathRules;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.ListedEntry;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunStoppedException;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.ValidationReport;
import com.personalaichatbot.dr.health.config.ConfigValidator;
import com.personalaichatbot.dr.health.config.EnvFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Secrets that an intruder may know, and those that replace them. A secret counts as known when any
 * snapshot holds it, the evidence included: it was in use, and whoever was in the system read it.
 * Snapshots after the renewed ones were put in do not count: what was started with them may have
 * backed itself up before this run was cut off.
 */
public final class Secrets {
  private static final Duration MINUTES = Duration.ofMinutes(10);
  private static final long MOST_BYTES = 1 << 20;
  private static final String ENV = ".env";

  /** The fact of a run which snapshot was the newest when the renewed secrets were put in. */
  private static final String RENEWED_AFTER = "renewedAfter";

  private static final Pattern SECRET = Pattern.compile(
      "(?i)(^|_)(KEY|APIKEY|SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|PWD|CREDENTIALS?)(_|$)");
  private static final Pattern FIGURE = Pattern.compile("[0-9]{1,6}|true|false|yes|no");
  private static final Pattern ALWAYS_SECRET =
      Pattern.compile("(?i)(^|_)(PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET)(_|$)");

  private Secrets() {}

  /** Where the application's secrets lie: the secrets component, or {@code .env} in the data. */
  static Path place(StepRun run) throws IOException {
    Optional<Path> own = run.components().stream()
        .filter(c -> c.kind() == Kind.SECRETS)
        .map(c -> c.source().path())
        .findFirst();
    if (own.isEmpty()) {
      return run.data().resolve(ENV);
    }
    boolean isFile = own.get().getFileName().toString().startsWith(ENV);
    return isFile || Directories.isRegularFile(own.get())
        ? own.get()
        : own.get().resolve(ENV);
  }

  /** Ends the run unless renewed secrets are given and none of them was ever in use. */
  static Step check() {
    return Step.check("check-secrets", "See that all secrets are renewed", context -> {
          StepRun run = StepRun.of(context);
          if (run.mode() == RunMode.DRILL) {
            return "Secrets are not renewed in a drill.";
          }
          return check(run, given(run));
        })
        .byHand("Compare the new .env with all that was ever backed up: no key, token or password"
            + " may be in both.")
        .timeout(Duration.ofHours(1))
        .build();
  }

  private static Path given(StepRun run) throws RunStoppedException {
    Optional<Path> given = run.options().secrets();
    if (given.isEmpty()) {
      throw new RunStoppedException("The renewed secrets are not given. The application stays"
          + " down: put them into a .env file outside of the data directory, and run this recovery again with"
          + " it.");
    }
    if (PathRules.isWithin(given.get(), run.data())) {
      throw new RunStoppedException(
          "The renewed secrets lie in the data directory, which will be"
              + " removed. The application stays down: move them out of it, and run this recovery again.");
    }
    return given.get();
  }

  private static String check(StepRun run, Path file) throws Exception {
    ValidationReport report = ConfigValidator.of(run.data()).validateEnv(file);
    if (report.count(Severity.ERROR) > 0) {
      String first = report.findings().stream()
          .filter(f -> f.severity() == Severity.ERROR)
          .findFirst()
          .orElseThrow()
          .message();
      throw new RunStoppedException("The renewed secrets are not in order: " + first
          + ". The application stays down: repair them, and run this recovery again.");
    }
    List<Snapshot> all = new ArrayList<>(run.repository().snapshots());
    run.repository().removedSnapshots().forEach(removed -> all.add(removed.snapshot()));
    return requireUnknown(run, file, all);
  }

  private static String requireUnknown(StepRun run, Path file, List<Snapshot> snapshots)
      throws Exception {
    Set<String> known = known(run, snapshots);
    TreeSet<String> compromised = new TreeSet<>();
    int renewed = 0;
    for (EnvFile.Entry entry : EnvFile.read(file).entries()) {
      if (isSecret(entry)) {
        renewed++;
        if (known.contains(entry.value())) {
          compromised.add(entry.key());
        }
      }
    }
    if (!compromised.isEmpty()) {
      throw new RunStoppedException("Not renewed, and known to whoever was in the system: "
          + String.join(", ", compromised)
          + ". The application stays down: renew them, and run this recovery again.");
    }
    run.detail("renewed", Integer.toString(renewed));
    return renewed + " secrets, none of which any snapshot holds.";
  }

  private static boolean isSecret(EnvFile.Entry entry) {
    String value = entry.value().strip();
    return !value.isEmpty()
        && SECRET.matcher(entry.key()).find()
        && (ALWAYS_SECRET.matcher(entry.key()).find() || !FIGURE.matcher(value).matches());
  }

  /** The value of every secret that any of these snapshots holds. */
  private static Set<String> known(StepRun run, List<Snapshot> snapshots)
      throws IOException, RunStoppedException {
    Set<String> known = new HashSet<>();
    for (Snapshot snapshot : snapshots) {
      try {
        for (String path : files(run, snapshot)) {
          try {
            addSecrets(run, snapshot, path, known);
          } catch (CorruptRepositoryException e) {
            requireLost(run, snapshot, e);
          }
        }
      } catch (CorruptRepositoryException e) {
        requireLost(run, snapshot, e);
      }
    }
    return known;
  }

  private static void addSecrets(StepRun run, Snapshot snapshot, String path, Set<String> known)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    run.repository().read(snapshot.id(), path, out);
    EnvFile env = EnvFile.of(Path.of(ENV), out.toByteArray());
    for (EnvFile.Entry entry : env.entries()) {
      if (isSecret(entry)) {
        known.add(entry.value());
      }
    }
    noteUnread(run, snapshot, path, env);
  }

  /** What cannot be read in an .env file may be a secret that was in use, so a person is told. */
  private static void noteUnread(StepRun run, Snapshot snapshot, String path, EnvFile env) {
    boolean named = path.substring(path.lastIndexOf('/') + 1).startsWith(ENV);
    List<Finding> errors = env.findings().stream()
        .filter(f -> named && f.severity() == Severity.ERROR)
        .toList();
    if (!errors.isEmpty()) {
      run.note("Not all of " + path + " in snapshot " + snapshot.id() + " could be compared: line "
          + errors.get(0).line() + ", " + errors.get(0).message()
          + ". See that none of its secrets is in the renewed ones.");
    }
  }

  /** What is lost is noted; what cannot be read just now could be compared later. */
  private static void requireLost(StepRun run, Snapshot snapshot, CorruptRepositoryException e)
      throws RunStoppedException {
    if (e.getCause() != null) {
      throw new RunStoppedException("The secrets in snapshot " + snapshot.id()
          + " cannot be read just now, so nobody can tell which are known. The application stays"
          + " down: make the storage readable, and run this recovery again.");
    }
    run.note("Snapshot " + snapshot.id() + " is damaged, and not all of its secrets could be"
        + " compared: " + e.getMessage());
  }

  /** The files of a snapshot that hold secrets: its secrets components, and each {@code .env}. */
  private static List<String> files(StepRun run, Snapshot snapshot) throws IOException {
    List<String> files = new ArrayList<>();
    for (ComponentState component : snapshot.components()) {
      List<String> roots = component.kind() == Kind.SECRETS || component.name().startsWith(ENV)
          ? List.of(component.name())
          : List.of(component.name() + "/" + ENV, component.name() + "/" + ENV + ".local");
      for (String root : roots) {
        try {
          run.repository().list(snapshot.id(), root, entry -> {
            if (entry.type() == ListedEntry.Type.FILE && entry.size() <= MOST_BYTES) {
              files.add(entry.path());
            }
          });
        } catch (SnapshotNotFoundException e) {
          continue; // It holds none.
        }
      }
    }
    return files;
  }

  /** Puts the renewed secrets in their place, whole or not at all. */
  static Step put() {
    return Step.action("put-secrets", "Put in the renewed secrets", context -> {
          StepRun run = StepRun.of(context);
          if (run.mode() == RunMode.DRILL) {
            return "Secrets are not renewed in a drill.";
          }
          Path file = given(run);
          check(run, file);
          List<Snapshot> before = run.repository().snapshots();
          run.remember(RENEWED_AFTER, before.get(before.size() - 1).id().toString());
          put(place(run).toAbsolutePath(), Files.readAllBytes(file));
          return "The renewed secrets are in their place.";
        })
        .byHand("Put the renewed .env in its place, mode 600.")
        .timeout(MINUTES)
        .build();
  }

  public static void put(Path place, byte[] secrets) throws IOException {
    Path directory = place.getParent();
    try (TargetDirectories way = new TargetDirectories(directory)) {
      DurableFile.replace(
          way.make(directory).resolve(place.getFileName()), secrets, DurableFile.OWNER);
    } catch (IOException e) {
      throw TargetDirectories.naming(place, e);
    }
  }

  /** Keeps an application from starting with a secret that is known. */
  static void requireRenewed(StepRun run) throws Exception {
    if (run.mode() != RunMode.DRILL) {
      requireUnknown(run, place(run), beforeRenewal(run));
    }
  }

  /** The snapshots from before the renewed secrets were put in; all, if that is not known. */
  private static List<Snapshot> beforeRenewal(StepRun run) throws IOException {
    List<Snapshot> all = run.repository().snapshots();
    Optional<String> newest = run.recall(RENEWED_AFTER);
    for (int i = 0; i < all.size(); i++) {
      if (newest.filter(all.get(i).id().toString()::equals).isPresent()) {
        return all.subList(0, i + 1);
      }
    }
    return all;
  }
}
