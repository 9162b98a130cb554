package com.personalaichatbot.dr.core.recovery.schedule;

import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.communication.Communication;
import com.personalaichatbot.dr.core.recovery.communication.Delivery;
import com.personalaichatbot.dr.core.recovery.communication.DeliveryException;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tasks that only people can do, as jobs that put them before people. */
final class ReminderJobs {
  private static final LocalTime MORNING = LocalTime.of(9, 0);
  private static final Duration FORTNIGHT = Duration.ofDays(14);
  private static final Duration MONTH = Duration.ofDays(30);
  private static final int FIRST = 1;
  private static final int FIFTEENTH = 15;

  private final Optional<Communication> communication;
  private final Optional<Recovery> recovery;
  private final Clock clock;

  ReminderJobs(Optional<Communication> communication, Optional<Recovery> recovery, Clock clock) {
    this.communication = communication;
    this.recovery = recovery;
    this.clock = clock;
  }

  void addTo(List<Job> jobs) {
    jobs.add(job(
        "security-updates",
        Recurrence.monthly(FIRST, MORNING),
        FORTNIGHT,
        "Install the security updates and patches of the system, of Java and of the application."));
    jobs.add(job(
        "system-audit",
        Recurrence.quarterly(FIRST, MORNING),
        MONTH,
        "Audit the whole system: accounts, access, secrets, backups, dependencies and logs."));
    Job review = job(
        "document-review",
        Recurrence.quarterly(FIFTEENTH, MORNING),
        MONTH,
        "Review the disaster recovery document and the runbooks, and update them by what the last"
            + " drills showed.");
    jobs.add(recovery
        .map(with -> review.withLastRun(recorded -> sinceLastChange(with, recorded)))
        .orElse(review));
  }

  private Job job(String name, Recurrence rhythm, Duration within, String text) {
    return Job.of(name, rhythm, () -> remind(name, within, text))
        .asReminder(owner(), within)
        .allowInQuietHours();
  }

  /** The first whom the plan names, or the role that nobody fills yet. */
  private String owner() {
    return communication
        .flatMap(with -> with.plan().contacts().stream().findFirst())
        .map(contact -> contact.isComplete() ? contact.name() : contact.role())
        .orElse("system administrator");
  }

  private String remind(String name, Duration within, String text) throws DeliveryException {
    Instant now = clock.instant();
    String day = now.atZone(ZoneOffset.UTC).toLocalDate().toString();
    String until = now.plus(within).atZone(ZoneOffset.UTC).toLocalDate().toString();
    String asked = text + " To be done by " + until + " by: " + owner()
        + ". Confirm it when it is done (" + name + ").";
    return communication.isPresent()
        ? communication
            .get()
            .remind("reminder-" + name + "-" + day, "Due by " + until + ": " + name, asked)
        : "there is no communication plan to tell anybody by: " + asked;
  }

  /**
   * A review is due immediately when a drill failed, or its steps changed, since the last reminder.
   */
  private static List<Instant> sinceLastChange(Recovery recovery, List<Instant> recorded)
      throws IOException {
    Instant reminded = recorded.stream().max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
    Map<String, String> hashes = new HashMap<>();
    for (RunReport drill : recovery.history()) {
      if (drill.mode() == RunMode.DRILL && drill.status() != RunStatus.RUNNING) {
        String before = hashes.put(drill.runbook(), drill.planHash());
        boolean changed = before != null && !before.equals(drill.planHash());
        if ((changed || drill.status() != RunStatus.RECOVERED)
            && drill.started().isAfter(reminded)) {
          return List.of(Instant.EPOCH);
        }
      }
    }
    return recorded;
  }

  /** Sends a test through every channel, and fails if one did not take it. */
  static String testChannels(Communication communication) throws IOException, JobFailedException {
    List<Delivery> results = communication.testChannels();
    List<String> refused = new ArrayList<>();
    for (Delivery result : results) {
      if (result.sent().isEmpty()) {
        refused.add(result.channel() + ": " + result.problem());
      }
    }
    if (results.isEmpty() || !refused.isEmpty()) {
      throw new JobFailedException(
          results.isEmpty()
              ? "the plan has no channel"
              : "channels did not take the test: " + String.join("; ", refused));
    }
    return results.size() + " channels took the test";
  }
}
