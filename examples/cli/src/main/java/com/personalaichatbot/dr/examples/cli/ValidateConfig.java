package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.health.config.ConfigValidator;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Validates an application's configuration and conversations. */
@Command(
    name = "validate-config",
    description = "Validate .env, the JSON settings and the conversations.")
final class ValidateConfig extends DataCommand {
  @Option(names = "--strict", description = "Take each warning for an error.")
  private boolean strict;

  @Override
  int run(Path data) throws Exception {
    ConfigValidator validator = ConfigValidator.of(data);
    return ValidationResult.print((strict ? validator.strict() : validator).validate(), dr());
  }
}
