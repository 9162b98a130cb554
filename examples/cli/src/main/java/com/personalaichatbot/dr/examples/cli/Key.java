package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.ListedKey;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The key slots of a repository. */
@Command(name = "key", description = "The key slots: list, add, remove ID, passwd.")
final class Key extends RepositoryCommand {
  private static final List<String> VERBS = List.of("list", "add", "remove", "passwd");

  @Parameters(
      index = "0",
      paramLabel = "list|add|remove|passwd",
      description = "What to do.",
      completionCandidates = Verbs.class)
  private String verb;

  @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "The slot to remove.")
  private String id;

  @Option(
      names = "--new-passphrase-file",
      paramLabel = "FILE",
      description = "Read the new passphrase from FILE. Without it, a person is asked twice.")
  private String newPassphraseFile;

  /** The verbs, as completion offers them. */
  static final class Verbs extends Words {
    Verbs() {
      super(VERBS);
    }
  }

  @Override
  void check() {
    if (!VERBS.contains(verb)) {
      throw new IllegalArgumentException(
          "'" + verb + "' is not one of " + String.join(", ", VERBS));
    }
    if (verb.equals("remove") != (id != null)) {
      throw new IllegalArgumentException("an ID goes with key remove, and only with it");
    }
    boolean makes = verb.equals("add") || verb.equals("passwd");
    if (makes ? !isNewGiven() : newPassphraseFile != null) {
      throw new IllegalArgumentException(
          "--new-passphrase-file goes with key add and key passwd, and only with them");
    }
  }

  private boolean isNewGiven() {
    return newPassphraseFile != null || prompt().isThere();
  }

  private Secret next() throws IOException {
    return newPassphraseFile == null
        ? Passphrase.askTwice(prompt())
        : Passphrase.readFile(newPassphraseFile);
  }

  @Override
  int run(BackupRepository repository) throws IOException {
    history(repository);
    switch (verb) {
      case "remove" -> remove(repository);
      case "add", "passwd" -> {
        try (Secret next = next()) {
          if (verb.equals("add")) {
            repository.keys().add(passphrase(), next);
          } else {
            repository.keys().changePassphrase(passphrase(), next);
          }
          PassphraseStrength.warning(next).ifPresent(this::warn);
        }
      }
      default -> {}
    }
    List<ListedKey> keys = list(repository);
    output().print(json(), () -> json(keys), out -> text(keys, out));
    return Exit.DONE;
  }

  /** Whoever reads of a failure must not believe that the change before it was not made. */
  private List<ListedKey> list(BackupRepository repository) throws IOException {
    try {
      return repository.keys().list();
    } catch (IOException e) {
      if (verb.equals("list")) {
        throw e;
      }
      throw new CommandException(
          "key slots",
          "key " + verb + " is done, but the key slots cannot be listed: " + e.getMessage(),
          "Run dr key list when the storage works again.");
    }
  }

  private void remove(BackupRepository repository) throws IOException {
    try {
      repository.keys().remove(id);
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          "key slot '" + id + "'",
          "key slot '" + id + "': nothing has that id",
          "List them with dr key list, and give the whole id of one.");
    }
  }

  private static ObjectNode json(List<ListedKey> keys) {
    ObjectNode json = Output.object();
    ArrayNode slots = json.putArray("slots");
    for (ListedKey key : keys) {
      slots
          .addObject()
          .put("id", key.id())
          .put("kind", key.kind().name())
          .put("created", key.created().toString());
    }
    return json;
  }

  private static void text(List<ListedKey> keys, Output out) {
    keys.forEach(key -> out.line("%s  %s  %s", key.id(), key.created(), key.kind()));
  }
}
