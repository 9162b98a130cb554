package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.health.CheckState;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;

/** Says in one line how the whole is, and which checks are not as they were. */
final class HealthChanges {
  private final Map<String, Status> told = new HashMap<>();

  /** What is to be told now: at first what is not UP, then what changed. */
  String since(Health health) {
    StringJoiner changes = new StringJoiner("; ");
    for (CheckState check : health.checks()) {
      Status before = told.put(check.name(), check.status());
      if (before != check.status() && !(before == null && check.status() == Status.UP)) {
        String from = before == null ? "" : before + " to ";
        String text = check.latest().description();
        changes.add(
            check.name() + " " + from + check.status() + (text.isEmpty() ? "" : ": " + text));
      }
    }
    return changes.length() == 0 ? health.status().name() : health.status() + "  " + changes;
  }
}
