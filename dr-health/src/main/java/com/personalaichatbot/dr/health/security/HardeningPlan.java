package com.personalaichatbot.dr.health.security;

import static java.util.Objects.requireNonNull;

import com.personalaichatbot.dr.health.security.HardeningReport.Failure;
import com.personalaichatbot.dr.health.security.HardeningReport.Note;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Takes the rights of everybody but the owner away from a tree: directories become 700, files 600
 * (700 where the owner may execute them). The owner's own rights stay as they are, owners are not
 * changed, links are noted and not followed. Make a plan, print it, {@linkplain #execute() execute}
 * it; the report gives the plan of the way back. Immutable.
 */
public final class HardeningPlan {

  private final Path root;
  private final List<PermissionChange> changes;
  private final List<Note> notes;
  private final List<Failure> failures;

  private HardeningPlan(
      Path root, List<PermissionChange> changes, List<Note> notes, List<Failure> failures) {
    this.root = root;
    this.changes = List.copyOf(changes);
    this.notes = List.copyOf(notes);
    this.failures = List.copyOf(failures);
  }

  /**
   * Looks at a tree and plans what has to change. Changes nothing.
   *
   * @param root the directory; a link here is resolved once
   * @return the plan; it names what could not be looked at, as does its report
   */
  public static HardeningPlan of(Path root) {
    List<PermissionChange> changes = new ArrayList<>();
    List<Note> notes = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    Path real = root;
    try {
      real = root.toRealPath();
      Rights rights = Rights.of(real);
      Files.walkFileTree(real, new Planner(rights, changes, notes, failures));
    } catch (IOException | UnsupportedOperationException failure) {
      failures.add(new Failure(root, failure.getClass().getSimpleName()));
    }
    return new HardeningPlan(real, changes, notes, failures);
  }

  /**
   * A plan of given changes, for instance the way back after a restart of the program.
   *
   * @param root the directory that all of them lie in; no link is on the way to it
   * @param changes what to change
   * @return the plan
   * @throws IllegalArgumentException if a path lies outside the root
   */
  public static HardeningPlan of(Path root, List<PermissionChange> changes) {
    requireNonNull(root, "root");
    for (PermissionChange change : changes) {
      if (!change.path().normalize().equals(change.path()) || !change.path().startsWith(root)) {
        throw new IllegalArgumentException(change.path() + " does not lie in " + root);
      }
    }
    return new HardeningPlan(root, changes, List.of(), List.of());
  }

  /**
   * What will be changed.
   *
   * @return each path once, parents before children
   */
  public List<PermissionChange> changes() {
    return changes;
  }

  /**
   * What will be left alone on purpose.
   *
   * @return each path once, with the reason
   */
  public List<Note> notes() {
    return notes;
  }

  /**
   * What could not be looked at, and so will not be changed.
   *
   * @return each path once
   */
  public List<Failure> failures() {
    return failures;
  }

  /**
   * Makes the changes. What is no longer as planned is left alone and noted; what fails does not
   * stop the rest.
   *
   * @return what was done
   */
  public HardeningReport execute() {
    List<PermissionChange> changed = new ArrayList<>();
    List<Note> moreNotes = new ArrayList<>(notes);
    List<Failure> moreFailures = new ArrayList<>(failures);
    if (!changes.isEmpty()) {
      try (Rights rights = Rights.of(root)) {
        for (PermissionChange change : changes) {
          try {
            Optional<String> note = rights.change(change);
            note.ifPresentOrElse(
                text -> moreNotes.add(new Note(change.path(), text)), () -> changed.add(change));
          } catch (IOException | RuntimeException failure) {
            String reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
            moreFailures.add(new Failure(change.path(), reason));
          }
        }
      } catch (IOException failure) {
        moreFailures.add(new Failure(root, failure.getClass().getSimpleName()));
      }
    }
    return new HardeningReport(root, changed, moreNotes, moreFailures);
  }

  /** The plan as text, one path a line. */
  @Override
  public String toString() {
    return changes.stream()
        .map(change -> change.from() + " -> " + change.to() + "  " + change.path())
        .collect(Collectors.joining("\n"));
  }

  private static final class Planner extends SimpleFileVisitor<Path> {
    private final Rights rights;
    private final List<PermissionChange> changes;
    private final List<Note> notes;
    private final List<Failure> failures;

    Planner(
        Rights rights, List<PermissionChange> changes, List<Note> notes, List<Failure> failures) {
      this.rights = rights;
      this.changes = changes;
      this.notes = notes;
      this.failures = failures;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      plan(directory);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isSymbolicLink()) {
        notes.add(new Note(file, "is a link and is left alone"));
      } else if (!attributes.isRegularFile()) {
        notes.add(new Note(file, "is neither file nor directory and is left alone"));
      } else {
        plan(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      failures.add(new Failure(file, failure.getClass().getSimpleName()));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure) {
      if (failure != null) {
        failures.add(new Failure(directory, failure.getClass().getSimpleName()));
      }
      return FileVisitResult.CONTINUE;
    }

    private void plan(Path path) {
      try {
        rights.plan(path).ifPresent(changes::add);
      } catch (IOException failure) {
        failures.add(new Failure(path, failure.getClass().getSimpleName()));
      }
    }
  }
}
