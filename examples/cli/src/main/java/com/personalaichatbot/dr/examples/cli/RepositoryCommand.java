package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.HistoryState;
import com.personalaichatbot.dr.core.operation.ProgressListener;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.RepositoryNotFoundException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ParentCommand;

/** A command that works on an existing repository: opens it, and closes it whatever happens. */
abstract class RepositoryCommand implements Callable<Integer> {
  @ParentCommand
  private Dr dr;

  private Secret passphrase;

  @Override
  public final Integer call() throws IOException {
    check();
    Path location = opened(dr.repository.location(dr.environment));
    BackupRepository.Builder builder =
        dr.repository.builder(location, dr.environment, listener(dr));
    Optional<Integer> done = runWithoutRepository(builder);
    if (done.isPresent()) {
      return done.get();
    }
    try (Secret secret = Passphrase.read(dr);
        BackupRepository repository = open(builder, secret)) {
      passphrase = secret;
      try {
        return run(repository);
      } catch (FileSystemException e) {
        throw Failure.isNoRoom(e) ? withWayOut(e, repository) : e;
      }
    }
  }

  private BackupRepository open(BackupRepository.Builder builder, Secret secret)
      throws IOException {
    try {
      return builder.open(secret);
    } catch (RepositoryNotFoundException e) {
      throw named(e);
    }
  }

  /** The failure that is told where there is no repository to open. */
  IOException named(RepositoryNotFoundException failure) {
    return failure;
  }

  /** A volume is full: says what a prune would free that waits for nothing. */
  private static IOException withWayOut(FileSystemException failure, BackupRepository repository) {
    try {
      PrunePlan plan = repository.planForget(Set.of(), PruneOptions.DEFAULT);
      long bytes = plan.bytesFreed() + plan.waiting().bytes();
      if (bytes > 0) {
        Failure told = Failure.of(failure, "dr");
        CommandException named = new CommandException(
            told.object(),
            told.message(),
            "Make room on its volume: where the repository is, 'dr prune --now' would free "
                + Output.size(bytes) + "; of that, " + plan.waiting().snapshots()
                + " removed snapshots could then not be taken back.");
        named.initCause(failure);
        return named;
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /** Refuses options that do not go together, before anything is opened. */
  void check() {}

  /** Which repository is opened, given the one that is named. */
  Path opened(Path named) {
    return named;
  }

  /** Does what needs no repository; empty if the repository is to be opened. */
  Optional<Integer> runWithoutRepository(BackupRepository.Builder builder) throws IOException {
    return Optional.empty();
  }

  /** Does it, and returns the exit code. */
  abstract int run(BackupRepository repository) throws IOException;

  /** What opened the repository, for the commands that make or change keys. */
  final Secret passphrase() {
    return passphrase;
  }

  /** Says on standard error what a person should know of the history before trusting it. */
  final HistoryState history(BackupRepository repository) throws IOException {
    return history(dr, repository);
  }

  /** Says it for a command of another kind. */
  static HistoryState history(Dr dr, BackupRepository repository) throws IOException {
    HistoryState history = repository.history();
    history.warning().map(Output::withTimes).ifPresent(dr::warn);
    return history;
  }

  /** Adds to a result what a program should know of the history. */
  static ObjectNode with(HistoryState history, ObjectNode json) {
    json.put("anchored", history.isAnchored())
        .set("damagedEntries", Output.array(history.damagedEntries()));
    return json;
  }

  /** The way to open the same repository again. */
  final BackupRepository.Builder builder() {
    return dr.repository.builder(
        opened(dr.repository.location(dr.environment)), dr.environment, listener(dr));
  }

  final Prompt prompt() {
    return dr.prompt();
  }

  final boolean json() {
    return dr.json;
  }

  /** Standard output, once the progress line is out of the way. */
  final Output output() {
    dr.progress.clear();
    return dr.output;
  }

  /** Tells people something that does not end the command. */
  final void warn(String text) {
    dr.progress.clear();
    dr.warn(text);
  }

  private static ProgressListener listener(Dr dr) {
    return ProgressLine.isPossible() ? dr.progress : progress -> {};
  }
}
