package com.personalaichatbot.dr.core.internal.engine.archive;

import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.archive.BadArchiveException;
import com.personalaichatbot.dr.core.internal.format.RawName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mapping of an archive's parts to components, and what is missing for a whole application.
 *
 * <p>Each entry at the top of an archive becomes a component, so that a restore to a directory
 * gives what tar would give. The archives of the original application are taken apart instead: the
 * shell scripts put one directory at the top, named like the file, and what the Python tool calls
 * {@code data} is a directory of components.
 */
final class ImportLayout {
  private static final int MAX_COMPONENTS = 64;
  private static final int LONGEST_NAME = 255;
  private static final String MANIFEST = "backup-manifest.txt";
  private static final String SECRETS_ARE_MISSING =
      "no archive of this kind holds .env: its values have to come from elsewhere";
  private static final Pattern SHELL =
      Pattern.compile("personal-ai-chatbot-.+-(\\d{8}_\\d{6})-(data|config)");
  private static final Map<String, Kind> KINDS = Map.of(
      "config", Kind.CONFIG,
      "secrets", Kind.SECRETS,
      "conversations", Kind.CONVERSATIONS,
      "logs", Kind.LOGS,
      "state", Kind.STATE);

  private final Found found;
  private final ArchiveOrigin origin;
  private final List<Part> parts = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Optional<Instant> created;

  /** A component in the archive. */
  record Part(String name, Kind kind, ImportTree.Node node) {}

  /**
   * The content of an archive.
   *
   * @param isTar whether it is a tar archive, else a stream of the files of one component
   * @param templates which of its files are templates of {@code .env}, and the keys in them
   */
  record Found(
      boolean isTar,
      ImportTree.Node root,
      ArchiveComment comment,
      Map<ImportTree.Node, List<String>> templates) {}

  /**
   * Finds the components.
   *
   * @param file name of the archive
   */
  ImportLayout(String file, Found found, ArchiveOrigin origin) throws BadArchiveException {
    this.found = found;
    this.origin = origin;
    ArchiveComment comment = found.comment;
    ImportTree.Node root = found.root;
    this.created = comment.taken().isPresent() ? comment.taken() : origin.created();
    if (root.children().isEmpty()) {
      throw new BadArchiveException("it holds nothing");
    }
    notes.addAll(origin.notes());
    String name = nameOf(file);
    ImportTree.Node first = root.children().iterator().next();
    Matcher shell = SHELL.matcher(first.display());
    if (!found.isTar) {
      add(name, KINDS.getOrDefault(name, Kind.CUSTOM), root);
      notes.add("it has no modes, times, links or empty directories; " + SECRETS_ARE_MISSING);
    } else if (root.children().size() == 1 && first.isDirectory() && shell.matches()) {
      created = ArchiveOrigin.stamp(shell.group(1), origin.zone());
      if (shell.group(2).equals("data")) {
        shellData(first);
      } else {
        shellConfig(first);
      }
    } else if (!origin.type().isEmpty() && comment.kinds().isEmpty()) {
      python();
    } else {
      plain(name);
    }
    requireDifferentNames();
    found.templates.forEach(this::noteTemplate);
    if (created.isPresent() && comment.taken().isEmpty()) {
      notes.add("its time, " + created.get().atZone(origin.zone()).toLocalDateTime()
          + ", names no zone and is taken as " + origin.zone());
    }
  }

  List<Part> parts() {
    return parts;
  }

  List<String> notes() {
    return notes;
  }

  /** When the archive says that it was made. */
  Optional<Instant> created() {
    return created;
  }

  /** What an archive of this name is called as a component. */
  private static String nameOf(String file) {
    String name = file.replaceFirst("(?i)(\\.tar)?\\.(gz|zst|tgz)$", "");
    return name.isEmpty() || name.equals(".") || name.equals("..") ? "archive" : name;
  }

  private void plain(String name) throws BadArchiveException {
    boolean ours = !found.comment.kinds().isEmpty();
    boolean fits = found.root.children().size() <= MAX_COMPONENTS
        && found.root.children().stream().noneMatch(ImportTree.Node::isSymlink);
    if (ours || fits) {
      for (ImportTree.Node node : found.root.children()) {
        add(node);
      }
      return;
    }
    notes.add("what is at its top cannot all be components; the whole is one, named " + name);
    add(name, Kind.CUSTOM, found.root);
  }

  private void shellData(ImportTree.Node top) throws BadArchiveException {
    for (ImportTree.Node node : top.children()) {
      if (!node.display().equals(MANIFEST)) {
        add(node);
      }
    }
    noteMissing("conversations", "config", "logs");
    notes.add(SECRETS_ARE_MISSING + "; state, alerts and monitoring are not in it either");
  }

  /** The files of the directory config lie flat at the top, beside what belongs elsewhere. */
  private void shellConfig(ImportTree.Node top) throws BadArchiveException {
    List<ImportTree.Node> config = new ArrayList<>();
    for (ImportTree.Node node : top.children()) {
      if (node.isDirectory() || node.display().startsWith(".env")) {
        add(node);
      } else if (!node.display().equals(MANIFEST)) {
        config.add(node);
      }
    }
    if (!config.isEmpty()) {
      add("config", Kind.CONFIG, ImportTree.Node.directory(top, config));
    }
    noteMissing("config");
    notes.add(SECRETS_ARE_MISSING + "; conversations, logs and state are not in it either");
  }

  private void python() throws BadArchiveException {
    for (ImportTree.Node node : found.root.children()) {
      if (node.isDirectory() && node.display().equals("data")) {
        for (ImportTree.Node inData : node.children()) {
          add(inData);
        }
      } else {
        add(node);
      }
    }
    switch (origin.type()) {
      case "full" -> noteMissing("conversations", "cache", "logs", "config");
      case "incremental" -> noteMissing("conversations", "logs");
      default -> noteMissing("config");
    }
    notes.add(SECRETS_ARE_MISSING + "; neither does one hold the application's own settings in"
        + " data/config, or data/state");
    List<String> missing = origin.contents().stream()
        .filter(entry -> found.root.find(RawName.parse(entry)) == null)
        .toList();
    if (!missing.isEmpty()) {
      notes.add(missing.size() + " entries that its metadata lists are not in it, the first is "
          + missing.get(0));
    }
  }

  private void noteMissing(String... names) {
    for (String name : names) {
      if (parts.stream().noneMatch(p -> p.name.equals(name))) {
        notes.add("it holds no " + name);
      }
    }
  }

  private void noteTemplate(ImportTree.Node file, List<String> keys) {
    notes.add(file.display() + " is a template without values; they have to come from elsewhere: "
        + String.join(", ", keys));
  }

  private void add(ImportTree.Node node) throws BadArchiveException {
    add(node.display(), kind(node), node);
  }

  private void add(String name, Kind kind, ImportTree.Node node) throws BadArchiveException {
    if (node.isSymlink()) {
      throw new BadArchiveException(
          "entry '" + name + "' is a symbolic link where a component belongs");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw new BadArchiveException("the name of a component is too long: " + name);
    }
    parts.add(new Part(name, kind, node));
  }

  private Kind kind(ImportTree.Node node) {
    String name = node.display();
    if (found.comment.kinds().containsKey(name)) {
      return found.comment.kinds().get(name);
    }
    if (!node.isDirectory() && isSecret(name)) {
      return found.templates.containsKey(node) ? Kind.CUSTOM : Kind.SECRETS;
    }
    return KINDS.getOrDefault(name.toLowerCase(Locale.ROOT), Kind.CUSTOM);
  }

  /** Whether a file of this name, wherever it lies, holds secrets by the custom of applications. */
  static boolean isSecret(String name) {
    return name.equals(".env") || name.startsWith(".env.") || name.endsWith(".key");
  }

  private void requireDifferentNames() throws BadArchiveException {
    Set<String> names = new HashSet<>();
    for (Part part : parts) {
      if (!names.add(part.name)) {
        throw new BadArchiveException("it holds two components named " + part.name);
      }
    }
  }
}
