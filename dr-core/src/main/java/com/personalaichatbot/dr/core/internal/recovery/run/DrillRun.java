package com.personalaichatbot.dr.core.internal.recovery.run;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.store.PathRules;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunPlan;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A drill's run: on a copy of the components in a scratch directory, which goes at the end. */
public final class DrillRun {
  private static final Logger log = LoggerFactory.getLogger(DrillRun.class);

  private DrillRun() {}

  /** Runs the plan of a drill. */
  public static RunReport run(RunContext setup, RunPlan plan, List<Component> components)
      throws IOException {
    Path directory = setup.newScratch("drill");
    try {
      Path data = directory.resolve("data");
      List<Component> there = new ArrayList<>();
      for (Component component : components) {
        there.add(moved(setup, component, data, directory));
      }
      return new RunRegistry(setup.inScratch(data, there)).begin(plan, RunMode.DRILL);
    } finally {
      removeWhenQuiet(setup, directory);
    }
  }

  /** What was given up and still works in the directory keeps it; it goes when that has ended. */
  private static void removeWhenQuiet(RunContext setup, Path directory) throws IOException {
    CompletableFuture<Void> quiet = setup.threads().quiet();
    if (quiet.isDone()) {
      TargetDirectories.deleteTree(directory);
    } else {
      quiet.thenRun(() -> {
        try {
          TargetDirectories.deleteTree(directory);
        } catch (IOException e) {
          log.warn("Cannot remove the scratch directory {}", directory, e);
        }
      });
    }
  }

  private static Component moved(RunContext setup, Component component, Path data, Path directory) {
    Path real = PathRules.real(component.source().path());
    Path root = PathRules.real(setup.data());
    Path place = real.startsWith(root)
        ? data.resolve(root.relativize(real).toString())
        : directory.resolve("elsewhere").resolve(component.name());
    return Component.at(component.name(), component.kind(), place)
        .withCriticality(component.criticality())
        .withRpo(component.rpo());
  }
}
