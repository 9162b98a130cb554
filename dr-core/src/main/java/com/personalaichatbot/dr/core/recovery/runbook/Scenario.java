package com.personalaichatbot.dr.core.recovery.runbook;

import java.util.List;
import java.util.Locale;

/**
 * A disaster that can happen to an application, and its signs. Each has its built-in
 * {@link Runbook}.
 */
public enum Scenario {
  /** The process is gone, hangs, or answers with errors; the data is whole. */
  PROCESS_FAILURE(
      "Application process failure",
      "The application does not respond",
      "An HTTP endpoint returns errors",
      "Users cannot reach the chat interface"),

  /** Files are there and wrong. */
  DATA_CORRUPTION(
      "Data corruption",
      "The application starts but behaves unexpectedly",
      "There are configuration errors in the logs",
      "Conversation data looks corrupt"),

  /** Settings or secrets are gone. */
  CONFIGURATION_LOSS(
      "Configuration loss",
      "The start fails with configuration errors",
      "API keys or settings are missing",
      "\"Configuration file not found\" is in the log"),

  /** The machine is gone: there is a new one, the repository, and the passphrase. */
  HARDWARE_FAILURE(
      "System hardware failure",
      "The system is completely unavailable",
      "A disk fails or is corrupt",
      "The operating system has problems"),

  /** Somebody was in the system who should not have been. */
  SECURITY_BREACH(
      "Security breach",
      "Unauthorised access was detected",
      "There are suspicious log entries",
      "The system behaves unexpectedly");

  private final String title;
  private final List<String> symptoms;

  Scenario(String title, String... symptoms) {
    this.title = title;
    this.symptoms = List.of(symptoms);
  }

  /** The name for people. */
  public String title() {
    return title;
  }

  /** How it shows, in the words of the user's disaster recovery document. */
  public List<String> symptoms() {
    return symptoms;
  }

  /** The name on a command line and in a journal, such as {@code data-corruption}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
