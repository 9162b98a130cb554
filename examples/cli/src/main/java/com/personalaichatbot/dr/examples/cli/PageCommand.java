package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.crypto.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ParentCommand;

/**
 * A command that makes pages. Where a repository is named, they tell of the runs that this machine
 * has a journal of.
 */
abstract class PageCommand implements Callable<Integer> {
  @ParentCommand
  private Dr dr;

  @Override
  public final Integer call() throws Exception {
    List<Path> files;
    if (dr.repository.isNamed(dr.environment)) {
      Path state = dr.repository.state(dr.environment).toAbsolutePath();
      BackupRepository.Builder builder = dr.repository.builder(dr.environment, progress -> {});
      // Nothing is run, so the data directory is one that no data lies in.
      try (Secret secret = Passphrase.read(dr);
          BackupRepository repository = builder.open(secret);
          Recovery recovery =
              Recovery.builder(repository).data(state.resolveSibling("no-data")).build()) {
        files = write(recovery.history(), recovery.components());
      }
    } else {
      files = write(List.of(), List.of());
    }
    ObjectNode json = Output.object();
    ArrayNode array = json.putArray("files");
    files.forEach(file -> array.add(Names.of(file)));
    dr.output.print(dr.json, () -> json, out -> files.forEach(f -> out.line("%s", Names.of(f))));
    return Exit.DONE;
  }

  /** Writes them, and returns where. */
  abstract List<Path> write(List<RunReport> history, List<Component> components) throws Exception;
}
