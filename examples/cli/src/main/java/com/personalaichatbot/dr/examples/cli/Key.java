package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.ListedKey;
import com.personalaichatbot.dr.core.operation.RepositoryException;
import com.personalaichatbot.dr.core.operation.WrongKeyException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The key slots of a repository. */
@Command(name = "key", description = "The key slots: list, add, remove ID, passwd.")
final class Key extends RepositoryCommand {
  private static final List<String> VERBS = List.of("list", "add", "remove", "passwd");

  private static final int ID_LENGTH = 32;

  /** So long is looked for the slot that opened. */
  private static final long MAX_NANOS = Duration.ofSeconds(10).toNanos();

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
    Optional<String> opened = verb.equals("list") ? opened(keys) : Optional.empty();
    output().print(json(), () -> json(keys, opened), out -> text(keys, opened, out));
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
      repository.keys().remove(whole(repository, id));
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          "key slot '" + id + "'",
          "key slot '" + id + "': nothing has that id",
          "List them with dr key list, and give the id of one, or a unique prefix of it.");
    }
  }

  /** The one id that begins like this; what is in no list is left as it is. */
  private static String whole(BackupRepository repository, String text) throws IOException {
    if (text.length() == ID_LENGTH) {
      return text;
    }
    String prefix = text.toLowerCase(Locale.ROOT);
    List<String> matches = repository.keys().list().stream()
        .map(ListedKey::id)
        .filter(one -> !prefix.isEmpty() && one.startsWith(prefix))
        .toList();
    if (matches.size() > 1) {
      throw new CommandException(
          "key slot '" + text + "'",
          "key slot '" + text + "': " + matches.size() + " key slots begin with that",
          "List them with dr key list, and give more of the id.");
    }
    return matches.isEmpty() ? text : matches.get(0);
  }

  /**
   * The id of the slot that opened the repository now. The repository does not tell; so each is
   * tried alone, which takes as long as opening it. Empty if that takes too long.
   */
  private Optional<String> opened(List<ListedKey> keys) throws IOException {
    if (keys.size() == 1) {
      return Optional.of(keys.get(0).id());
    }
    long begun = System.nanoTime();
    for (ListedKey key : keys) {
      if (key.kind() != ListedKey.Kind.PASSPHRASE || System.nanoTime() - begun > MAX_NANOS) {
        continue;
      }
      try {
        builder().slot(key.id()).open(passphrase()).close();
        return Optional.of(key.id());
      } catch (WrongKeyException e) {
        continue; // Another one did.
      } catch (RepositoryException e) {
        return Optional.empty(); // The list is worth more than the mark.
      }
    }
    return Optional.empty();
  }

  private static ObjectNode json(List<ListedKey> keys, Optional<String> opened) {
    ObjectNode json = Output.object();
    ArrayNode slots = json.putArray("slots");
    for (ListedKey key : keys) {
      ObjectNode slot = slots
          .addObject()
          .put("id", key.id())
          .put("kind", key.kind().name())
          .put("created", key.created().toString());
      opened.ifPresent(id -> slot.put("opened", key.id().equals(id)));
    }
    return json;
  }

  private static void text(List<ListedKey> keys, Optional<String> opened, Output out) {
    for (ListedKey key : keys) {
      String mark = opened.filter(key.id()::equals).isPresent() ? "  opened now" : "";
      out.line("%s  %s  %s%s", key.id(), Output.time(key.created()), key.kind(), mark);
    }
  }
}
