package com.personalaichatbot.dr.core.recovery.runbook;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/** Hash of all that a plan says about its steps, and of the versions that it was made with. */
final class PlanHash {
  private final Function<Step, StepKind> kinds;
  private final StringBuilder text = new StringBuilder("plan 1\n");

  private PlanHash(Function<Step, StepKind> kinds) {
    this.kinds = kinds;
  }

  /**
   * Returns the hash, 64 hexadecimal digits.
   *
   * @param kinds gives what a step is in the plan
   * @param application version of the application
   * @param policy version of the policy
   */
  static String of(
      Runbook runbook, Function<Step, StepKind> kinds, String application, String policy) {
    PlanHash hash = new PlanHash(kinds);
    hash.line(runbook.id(), runbook.title(), runbook.revision());
    hash.line(application, policy);
    for (Step step : runbook.steps()) {
      hash.describe(step, "");
      step.parts().forEach(part -> hash.describe(part, step.id()));
    }
    return HexFormat.of().formatHex(sha256(hash.text.toString()));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private void describe(Step step, String within) {
    line(
        within,
        step.id(),
        step.title(),
        kinds.apply(step).name(),
        step.impact().name(),
        step.owner(),
        step.timeout().toString(),
        step.byHand(),
        step.onFailure().name(),
        step.audience(),
        step.urgency().name(),
        step.hook().map(HookKind::name).orElse(""),
        List.of(
                step.isRepeatable(),
                step.isDeclinable(),
                step.alreadyDone().isPresent(),
                step.preview().isPresent(),
                step.verify().isPresent(),
                step.undo().isPresent())
            .toString());
  }

  /** Lengths keep two neighbours from running into each other. */
  private void line(String... parts) {
    for (String part : parts) {
      text.append(part.length()).append(':').append(part).append(' ');
    }
    text.append('\n');
  }
}
