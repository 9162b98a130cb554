package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Removes the snapshots that no rule keeps, and frees what only they needed. */
@Command(
    name = "prune",
    description = {
      "Remove the snapshots that no rule keeps.",
      "What only they needed is freed once the removal can no longer be taken back.",
      "Without rules: 7 daily, 4 weekly, 30 days automated, 90 days manual."
    })
final class Prune extends RepositoryCommand {
  @Option(names = "--keep-last", paramLabel = "N", description = "The last N.")
  private int last;

  @Option(names = "--keep-hourly", paramLabel = "N", description = "The newest of N hours.")
  private int hourly;

  @Option(names = "--keep-daily", paramLabel = "N", description = "The newest of N days.")
  private int daily;

  @Option(names = "--keep-weekly", paramLabel = "N", description = "The newest of N weeks.")
  private int weekly;

  @Option(names = "--keep-monthly", paramLabel = "N", description = "The newest of N months.")
  private int monthly;

  @Option(names = "--keep-yearly", paramLabel = "N", description = "The newest of N years.")
  private int yearly;

  @Option(names = "--keep-within", paramLabel = "DURATION", description = "All younger ones.")
  private Duration within = Duration.ZERO;

  @Option(
      names = "--keep-manual",
      paramLabel = "DURATION",
      description = "All younger ones that a person asked for.")
  private Duration manual = Duration.ZERO;

  @Option(names = "--keep-tag", paramLabel = "T", description = "All with this tag.")
  private List<String> tags = new ArrayList<>();

  @Option(names = "--accept-clock", description = "The clock is right, however far off it looks.")
  private boolean acceptClock;

  @Mixin
  private GraceOptions grace = new GraceOptions();

  @Option(names = "--dry-run", description = "Print the plan and change nothing.")
  private boolean dryRun;

  @Spec
  private CommandSpec spec;

  private RetentionPolicy policy;

  @Override
  void check() {
    grace.options();
    policy = RetentionPolicy.none()
        .keepLast(last)
        .keepHourly(hourly)
        .keepDaily(daily)
        .keepWeekly(weekly)
        .keepMonthly(monthly)
        .keepYearly(yearly)
        .keepWithin(within)
        .keepManual(manual)
        .keepTags(new HashSet<>(tags));
    if (policy.equals(RetentionPolicy.none())) {
      if (spec.commandLine().getParseResult().matchedOptions().stream()
          .anyMatch(option -> option.longestName().startsWith("--keep-"))) {
        throw new IllegalArgumentException("the rules given would keep nothing");
      }
      policy = RetentionPolicy.recommended();
    }
  }

  @Override
  int run(BackupRepository repository) throws IOException {
    PrunePlan plan = repository.planPrune(policy, acceptClock, grace.options());
    return PruneResult.execute(repository, plan, dryRun, this);
  }
}
