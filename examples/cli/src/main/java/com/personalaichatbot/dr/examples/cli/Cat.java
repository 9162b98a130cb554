package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.repository.BackupRepository;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a file of a snapshot to standard output. */
@Command(name = "cat", description = "Write a file of a snapshot to standard output.")
final class Cat extends RepositoryCommand {
  @Parameters(
      index = "0",
      paramLabel = SnapshotArgument.LABEL,
      description = SnapshotArgument.DESCRIPTION)
  private String snapshot;

  @Parameters(index = "1", paramLabel = "PATH", description = "NAME/rest.")
  private String path;

  @Override
  void check() {
    if (json()) {
      throw new IllegalArgumentException("cat writes the bytes of a file; it has no --json");
    }
  }

  @Override
  int run(BackupRepository repository) throws IOException {
    history(repository);
    OutputStream out = new BufferedOutputStream(output().stream(), 1 << 16);
    repository.read(SnapshotArgument.holding(this, repository, snapshot, path), path, out);
    out.flush();
    return Exit.DONE;
  }
}
