package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.RepositoryException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * A failure as it is told to people and to programs.
 *
 * @param exit the exit code
 * @param message what happened, with the object it happened to
 * @param object what it is about
 * @param action what to do
 */
record Failure(int exit, String message, String object, String action) {
  /** What the platforms say of a volume that is full, and of a user who may not take more of it. */
  private static final Set<String> NO_ROOM = Set.of(
      "No space left on device", "Disk quota exceeded", "There is not enough space on the disk");

  static Failure of(Throwable failure, String command) {
    int exit = Exit.of(failure);
    if (failure instanceof RepositoryException known) {
      return new Failure(exit, known.getMessage(), known.object(), sentence(known.action()));
    }
    if (failure instanceof CommandException known) {
      return new Failure(exit, known.getMessage(), known.object(), known.action());
    }
    if (failure instanceof FileSystemException file && file.getFile() != null) {
      return new Failure(exit, file.getFile() + ": " + reason(file), file.getFile(), action(file));
    }
    if (failure instanceof ParameterException wrong) {
      String name = wrong.getCommandLine().getCommandSpec().qualifiedName();
      return new Failure(exit, text(wrong), name, meant(wrong) + "See " + name + " --help.");
    }
    if (failure instanceof IllegalArgumentException) {
      return new Failure(exit, text(failure), command, "See " + command + " --help.");
    }
    if (failure instanceof IOException) {
      return new Failure(
          exit, command + ": " + text(failure), command, "--debug shows where it happened.");
    }
    if (failure instanceof OutOfMemoryError) {
      return new Failure(
          exit,
          command + ": not enough memory: " + text(failure),
          command,
          "Start Java with a larger -Xmx.");
    }
    return new Failure(
        exit,
        command + ": unexpected " + failure.getClass().getSimpleName() + ": " + text(failure),
        command,
        "This is a fault of the tool: report it with what --debug shows.");
  }

  /** As above, and tells a fault of the state directory, which nobody may have named, as that. */
  static Failure of(Throwable failure, String command, Path state) {
    Failure told = of(failure, command);
    if (!(failure instanceof FileSystemException file) || file.getFile() == null) {
      return told;
    }
    Path where = Path.of(file.getFile()).toAbsolutePath();
    Path kept = state.toAbsolutePath();
    return where.startsWith(kept) || kept.startsWith(where)
        ? new Failure(
            told.exit,
            told.message,
            told.object,
            "What this client remembers is kept there: repair that, or name another --state DIR.")
        : told;
  }

  /** The object that a program reads. */
  ObjectNode toJson() {
    ObjectNode json = Output.object();
    json.putObject("error")
        .put("exit", exit)
        .put("message", message)
        .put("object", object)
        .put("action", action);
    return json;
  }

  /** What may have been typed wrong, or an empty text. */
  private static String meant(ParameterException wrong) {
    if (wrong instanceof NoSuchCommandException unknown) {
      return Suggestions.ofCommand(wrong.getCommandLine(), unknown.typed());
    }
    return wrong instanceof UnmatchedArgumentException unmatched
        ? Suggestions.sentence(unmatched)
        : "";
  }

  private static String text(ParameterException wrong) {
    if (wrong instanceof UnmatchedArgumentException unmatched
        && !unmatched.isUnknownOption()
        && !wrong.getCommandLine().getSubcommands().isEmpty()) {
      return "'" + unmatched.getUnmatched().get(0) + "' is no command";
    }
    return wrong.getMessage().replaceFirst("^Error: ", "");
  }

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  private static String reason(FileSystemException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (failure instanceof AccessDeniedException) {
      return "access is denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "exists already";
    }
    if (failure instanceof NotDirectoryException) {
      return "is not a directory";
    }
    return failure.getReason() == null ? text(failure) : failure.getReason();
  }

  /** Whether a volume is full, or this user may not take more of it. */
  static boolean isNoRoom(FileSystemException failure) {
    return NO_ROOM.contains(String.valueOf(failure.getReason()));
  }

  /** Where a repository is open, RepositoryCommand says how much room a prune would make. */
  private static String action(FileSystemException failure) {
    if (failure instanceof AccessDeniedException) {
      return "Give this user the right to it, or run as one who has it.";
    }
    return isNoRoom(failure)
        ? "Make room on its volume. Where the repository is, dr prune --now does; what it deletes"
            + " cannot be taken back."
        : "Check the path.";
  }

  /** A capital letter at the start and a full stop at the end, as a line of its own has them. */
  private static String sentence(String text) {
    if (text.isEmpty()) {
      return text;
    }
    String begun = Character.toUpperCase(text.charAt(0)) + text.substring(1);
    return begun.endsWith(".") ? begun : begun + ".";
  }
}
