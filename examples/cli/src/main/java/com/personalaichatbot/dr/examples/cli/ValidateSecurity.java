package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.health.security.SecurityValidator;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/** Validates who may use an application's data. */
@Command(
    name = "validate-security",
    description = "Validate permissions, secrets and what lies where.")
final class ValidateSecurity extends DataCommand {
  @Override
  int run(Path data) throws Exception {
    return ValidationResult.print(SecurityValidator.of(data).validate(), dr());
  }
}
