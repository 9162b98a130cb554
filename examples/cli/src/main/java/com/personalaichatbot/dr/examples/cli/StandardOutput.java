package com.personalaichatbot.dr.examples.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The stream that results go to. It tells a reader who has seen enough, as {@code head} has, from a
 * disk that is full: the first is the end of the work and no failure. Not thread-safe.
 */
final class StandardOutput extends FilterOutputStream {
  private static final Path DESCRIPTOR = Path.of("/proc/self/fd/1");

  private IOException failure;

  StandardOutput(OutputStream out) {
    super(out);
  }

  /** Whoever read standard output has closed it. */
  static final class ClosedException extends IOException {
    private static final long serialVersionUID = 1L;

    ClosedException(IOException cause) {
      super("nobody reads standard output any more", cause);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failure = isPipe(e) ? new ClosedException(e) : notWritten(e);
      throw failure;
    }
  }

  /** Throws what a writer on top of this one has swallowed. */
  void rethrow() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  /** What was done before there was something to print is done all the same. */
  private static CommandException notWritten(IOException cause) {
    CommandException failure = new CommandException(
        "standard output",
        "standard output: " + cause.getMessage(),
        "What the command had to do is done, only its result was not written: look before you"
            + " run it again.");
    failure.initCause(cause);
    return failure;
  }

  /** A pipe fails in one way only; what the system calls that depends on the locale. */
  private boolean isPipe(IOException failure) throws IOException {
    if (String.valueOf(failure.getMessage()).contains("Broken pipe")) {
      return true;
    }
    return out instanceof FileOutputStream file
        && file.getFD() == FileDescriptor.out
        && Files.isSymbolicLink(DESCRIPTOR)
        && Files.readSymbolicLink(DESCRIPTOR).toString().startsWith("pipe:");
  }
}
