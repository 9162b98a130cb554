package com.personalaichatbot.dr.core.recovery.runbook;

import com.personalaichatbot.dr.health.ValidationReport;
import com.personalaichatbot.dr.health.config.ConfigValidator;
import java.nio.file.Path;

/**
 * Says what is wrong with an application's data, in its own place or restored somewhere else.
 * Thread-safe; changes nothing.
 */
@FunctionalInterface
public interface DataValidator {
  /** By the rules of the original application's layout. */
  DataValidator ORIGINAL = data -> ConfigValidator.of(data).validate();

  /**
   * Looks at everything. A file with a finding of severity ERROR counts as damaged.
   *
   * @param data the data directory
   * @throws Exception if it cannot be looked at; the step that asks fails
   */
  ValidationReport validate(Path data) throws Exception;
}
