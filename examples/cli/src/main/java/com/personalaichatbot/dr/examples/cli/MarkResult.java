package com.personalaichatbot.dr.examples.cli;

import java.io.IOException;
import java.util.List;

/** The output of the commands on single snapshots. */
final class MarkResult {
  private MarkResult() {}

  static void print(RepositoryCommand command, List<String> changed, String what)
      throws IOException {
    command
        .output()
        .print(
            command.json(),
            () -> {
              var json = Output.object();
              json.set("changed", Output.array(changed));
              return json;
            },
            out -> changed.forEach(id -> out.line("%-10s %s", what, id)));
  }
}
