package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.internal.store.PathRules;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import java.nio.file.Path;
import java.util.Optional;

/** The part of the data that a scenario is about. */
enum DataScope {
  /** All of it. */
  EVERYTHING,

  /** Settings and secrets, also where they are part of a component that holds more. */
  CONFIGURATION,

  /** All but secrets, which are renewed; in a drill they are not. */
  ALL_BUT_SECRETS;

  /** Whether something of a component is concerned. */
  boolean concerns(StepRun run, Component component) {
    Path path = component.source().path();
    return switch (this) {
      case EVERYTHING -> true;
      case ALL_BUT_SECRETS -> component.kind() != Kind.SECRETS || run.mode() == RunMode.DRILL;
      case CONFIGURATION ->
        isConfiguration(component)
            || isConfiguration(run, path)
            || PathRules.isWithin(run.data().resolve("config"), path)
            || PathRules.isWithin(run.data().resolve(".env"), path);
    };
  }

  /** Whether a file is, that belongs to a concerned component or to none. */
  boolean concerns(StepRun run, Path file) {
    if (this != CONFIGURATION) {
      return true;
    }
    Optional<Component> component = SnapshotPath.componentOf(file, run.components());
    return component.filter(c -> isConfiguration(c)).isPresent() || isConfiguration(run, file);
  }

  private static boolean isConfiguration(Component component) {
    return component.kind() == Kind.CONFIG || component.kind() == Kind.SECRETS;
  }

  private static boolean isConfiguration(StepRun run, Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return PathRules.isWithin(file, run.data().resolve("config"))
        || (file.getFileName().toString().startsWith(".env")
            && PathRules.real(parent).equals(PathRules.real(run.data())));
  }
}
