package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.RepositoryException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import picocli.CommandLine.ParameterException;

/**
 * A failure as it is told to people and to programs.
 *
 * @param exit the exit code
 * @param message what happened, with the object it happened to
 * @param object what it is about
 * @param action what to do
 */
record Failure(int exit, String message, String object, String action) {

  static Failure of(Throwable failure, String command) {
    int exit = Exit.of(failure);
    if (failure instanceof RepositoryException known) {
      return new Failure(exit, known.getMessage(), known.object(), sentence(known.action()));
    }
    if (failure instanceof CommandException known) {
      return new Failure(exit, known.getMessage(), known.object(), known.action());
    }
    if (failure instanceof FileSystemException file && file.getFile() != null) {
      return new Failure(
          exit, file.getFile() + ": " + reason(file), file.getFile(), "Look at this path.");
    }
    if (failure instanceof ParameterException wrong) {
      String name = wrong.getCommandLine().getCommandSpec().qualifiedName();
      return new Failure(exit, wrong.getMessage(), name, "See " + name + " --help.");
    }
    if (failure instanceof IllegalArgumentException) {
      return new Failure(exit, text(failure), command, "See " + command + " --help.");
    }
    if (failure instanceof IOException) {
      return new Failure(
          exit, command + ": " + text(failure), command, "--debug shows where it happened.");
    }
    return new Failure(
        exit,
        command + ": unexpected " + failure.getClass().getSimpleName() + ": " + text(failure),
        command,
        "This is a fault of the tool: report it with what --debug shows.");
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

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  private static String reason(FileSystemException failure) {
    if (failure instanceof NoSuchFileException) {
      return "is not there";
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

  /** A capital letter at the start and a full stop at the end, as a line of its own has them. */
  private static String sentence(String text) {
    if (text.isEmpty()) {
      return text;
    }
    String begun = Character.toUpperCase(text.charAt(0)) + text.substring(1);
    return begun.endsWith(".") ? begun : begun + ".";
  }
}
