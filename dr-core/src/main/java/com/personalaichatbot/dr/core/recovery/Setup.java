package com.personalaichatbot.dr.core.recovery;

import com.personalaichatbot.dr.core.BackupRepository;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.health.HealthMonitor;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that a run works with. A drill has one of its own, whose data lies in a scratch directory.
 *
 * @param data absolute
 * @param journals of all runs of this client
 */
record Setup(
    BackupRepository repository,
    List<Component> components,
    Path data,
    Journals journals,
    ApplicationHooks hooks,
    Optional<URI> url,
    Optional<HealthMonitor> health,
    DataValidator validator,
    Person person,
    Notices notices,
    Clock clock,
    StepThreads threads,
    int mostRestarts,
    Duration firstWait,
    Duration startWithin) {

  /** The same, with these components. */
  Setup with(List<Component> others) {
    return new Setup(
        repository,
        others,
        data,
        journals,
        hooks,
        url,
        health,
        validator,
        person,
        notices,
        clock,
        threads,
        mostRestarts,
        firstWait,
        startWithin);
  }

  /** The same, on other data and without what reaches beyond it. */
  Setup inScratch(Path scratch, List<Component> there) {
    return new Setup(
        repository,
        there,
        scratch,
        journals,
        hooks,
        Optional.empty(),
        Optional.empty(),
        validator,
        person,
        notices,
        clock,
        threads,
        mostRestarts,
        firstWait,
        startWithin);
  }
}
