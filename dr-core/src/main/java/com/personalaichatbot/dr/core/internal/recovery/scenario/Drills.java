package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.recovery.run.RunRecord;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The runbooks of drills: those of scenarios, on a copy, and a record of how it came out. */
public final class Drills {
  private static final Duration HOURS = Duration.ofHours(4);

  private Drills() {}

  public static String id(Drill drill) {
    return "drill-" + drill.name().toLowerCase(Locale.ROOT);
  }

  public static Runbook runbook(Drill drill, Runbook corruption, Runbook hardware) {
    DataSteps data = new DataSteps(DataScope.EVERYTHING);
    List<Step> steps = new ArrayList<>();
    switch (drill) {
      case RESTORE ->
        steps.addAll(List.of(
            data.chooseSnapshots(true),
            data.planAll(),
            data.restoreAll(false),
            data.verifyData(),
            data.verifyRestored(),
            ValidationSteps.tests(),
            ApplicationSteps.verify()));
      case SIMULATION -> {
        steps.add(data.chooseSnapshots("drill-choose", true));
        steps.add(data.planAll("drill-plan"));
        steps.add(copy());
        steps.add(damage());
        steps.addAll(corruption.steps());
      }
      case COMPLETE -> steps.addAll(hardware.steps());
    }
    steps.add(record());
    return Runbook.of(
        id(drill),
        "Drill: "
            + switch (drill) {
              case RESTORE -> "restore from backup";
              case SIMULATION -> "full simulation";
              case COMPLETE -> "complete recovery";
            },
        String.join("/", ScenarioSteps.REVISION, corruption.revision(), hardware.revision()),
        steps);
  }

  private static Step copy() {
    return Step.action("drill-copy", "Make a copy to damage", context -> {
          StepRun run = StepRun.of(context);
          GoodSnapshots good = GoodSnapshots.of(run, false);
          List<Component> held = run.components().stream()
              .filter(c -> !good.of(c.name()).isEmpty())
              .toList();
          return new Restoration(run, good, held, 0, false).restore(DataSteps.all(held));
        })
        .timeout(HOURS)
        .build();
  }

  /** Cuts a conversation and a setting short, as a crash or a bad disk would. */
  private static Step damage() {
    return Step.action("drill-damage", "Damage the copy", context -> {
          Set<Path> roots = new TreeSet<>();
          roots.add(context.data().resolve("config"));
          roots.add(context.data().resolve("conversations"));
          for (Component component : context.components()) {
            if (component.kind() == Kind.CONVERSATIONS || component.kind() == Kind.CONFIG) {
              roots.add(component.source().path());
            }
          }
          int damaged = 0;
          for (Path root : roots) {
            for (Path file : firstFile(root)) {
              Files.writeString(file, "{\"cut\": ");
              damaged++;
            }
          }
          context.detail("damaged", Integer.toString(damaged));
          return damaged + " files were damaged.";
        })
        .timeout(HOURS)
        .build();
  }

  private static List<Path> firstFile(Path root) throws IOException {
    if (!Directories.isDirectory(root)) {
      return Directories.look(root).isPresent() ? List.of(root) : List.of();
    }
    return Directories.filesBelow(root).stream()
        .filter(f -> f.toString().endsWith(".json"))
        .sorted()
        .limit(1)
        .toList();
  }

  /** What was restored and validated is PROVEN. */
  private static Step record() {
    return Step.action("record-proof", "Record that the snapshots are proven", context -> {
          StepRun run = StepRun.of(context);
          TreeSet<String> proven = new TreeSet<>();
          for (Component component : run.components()) {
            run.recall(RunRecord.SNAPSHOT + component.name()).ifPresent(proven::add);
          }
          for (Snapshot snapshot : run.repository().snapshots()) {
            if (proven.contains(snapshot.id().toString())) {
              run.repository().recordDrill(snapshot.id(), true);
            }
          }
          context.detail("proven", String.join(", ", proven));
          return proven.size() + " snapshots are PROVEN.";
        })
        .timeout(Duration.ofMinutes(10))
        .build();
  }
}
