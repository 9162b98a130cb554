package com.personalaichatbot.dr.core.internal.recovery.run;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.DataValidator;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunListener;
import com.personalaichatbot.dr.core.recovery.runbook.TemporaryFiles;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.health.HealthMonitor;
import java.io.IOException;
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
 * @param scratch where temporary directories are made
 * @param journals of all runs of this client
 */
public record RunContext(
    BackupRepository repository,
    List<Component> components,
    Path data,
    Path scratch,
    Journals journals,
    ApplicationHooks hooks,
    Optional<URI> url,
    Optional<HealthMonitor> health,
    DataValidator validator,
    Operator operator,
    RunListener listener,
    Clock clock,
    StepThreads threads,
    int mostRestarts,
    Duration firstWait,
    Duration startWithin) {

  /** The same, with these components. */
  public RunContext with(List<Component> others) {
    return with(others, data, url, health);
  }

  /** The same, on other data and without what reaches beyond it. */
  RunContext inScratch(Path copy, List<Component> there) {
    return with(there, copy, Optional.empty(), Optional.empty());
  }

  private RunContext with(
      List<Component> newComponents,
      Path newData,
      Optional<URI> newUrl,
      Optional<HealthMonitor> newHealth) {
    return new RunContext(
        repository,
        newComponents,
        newData,
        scratch,
        journals,
        hooks,
        newUrl,
        newHealth,
        validator,
        operator,
        listener,
        clock,
        threads,
        mostRestarts,
        firstWait,
        startWithin);
  }

  /** Makes a temporary directory; those that ended processes left are removed. */
  public Path newScratch(String purpose) throws IOException {
    TemporaryFiles temporaries = TemporaryFiles.of(scratch, "personal-ai-chatbot-", clock);
    temporaries.clear(Duration.ofDays(1));
    return temporaries.create(purpose);
  }
}
