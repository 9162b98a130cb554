package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Source;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.RawName;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One look at one component, directory by directory: {@link #root()} first, {@link #list} for each
 * directory, and the files in batches by {@link #begin}. Nothing is remembered between directories,
 * so a tree of any depth and size can be walked.
 *
 * <p>Thread-safe, from the return of {@code root()} on.
 */
public final class SourceScan implements Closeable {

  /**
   * The name of the directory in which a restore stages; a directory of this name is in no
   * snapshot.
   */
  public static final String STAGE = ".dr-restore";

  private static final byte[] STAGE_NAME = STAGE.getBytes(StandardCharsets.US_ASCII);
  private static final int LISTING_ATTEMPTS = 3;
  private static final int PART = 512;

  private final Component component;
  private final ScanProblems problems;
  private final List<Glob> excludes;
  private final List<Glob> appendOnly;
  private final Optional<Path> repository;
  private final OpenFiles openFiles;

  // Found by root().
  private volatile LiveFiles liveFiles;
  private volatile FileIdentity repositoryIdentity;

  /** Opens nothing yet. */
  public SourceScan(Component component, ScanRules rules, ScanProblems problems) {
    this.component = component;
    this.problems = problems;
    this.repository = rules.repository();
    this.excludes = new ArrayList<>(rules.excludes());
    component.excludes().forEach(glob -> excludes.add(Glob.of(glob)));
    this.appendOnly = component.appendOnly().stream().map(Glob::of).toList();
    this.openFiles = OpenFiles.guarding(component.source().path());
  }

  /**
   * Returns the component itself: a directory or a single file, a symbolic link at its path
   * resolved.
   *
   * @throws NoSuchFileException if there is nothing at the path
   * @throws IOException if what is there is not what the component says, or cannot be looked at
   */
  public ScannedEntry root() throws IOException {
    Source source = component.source();
    Path path = source.path().toRealPath();
    FileStat stat = FileStat.read(path);
    requireShape(source, path, stat.kind());
    liveFiles = new LiveFiles(source, path, problems);
    repositoryIdentity = repository.isPresent() && Files.exists(repository.get())
        ? FileStat.read(repository.get().toRealPath()).identity()
        : null;
    return entry(null, component.name().getBytes(StandardCharsets.UTF_8), path, stat);
  }

  private static void requireShape(Source source, Path path, FileStat.Kind kind)
      throws IOException {
    boolean directory = kind == FileStat.Kind.DIRECTORY;
    boolean file = kind == FileStat.Kind.FILE;
    if (source.shape() == Source.Shape.DIRECTORY && !directory) {
      throw new NotDirectoryException(path.toString());
    }
    if (source.shape() == Source.Shape.FILE && !file) {
      throw new FileSystemException(path.toString(), null, "is " + kind + ", not a file");
    }
    if (!directory && !file) {
      throw new FileSystemException(
          path.toString(), null, "is " + kind + ", not a file or directory");
    }
  }

  /**
   * Lists a directory. Special files are skipped, with a word, and what is excluded without one. A
   * directory that changes while it is listed is listed again, for a name that moves meanwhile may
   * be missed.
   *
   * @param directory an entry of this scan
   */
  public Listing list(ScannedEntry directory) {
    try {
      return list(directory, parts -> parts.forEach(Runnable::run));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs parts of a listing, each once and in any thread, and returns when all have run. What is in
   * a part that it does not run is not in the listing.
   */
  @FunctionalInterface
  public interface Parts {
    /** Runs them; a failure is not of theirs. */
    void run(List<? extends Runnable> parts) throws IOException;
  }

  /**
   * As {@link #list(ScannedEntry)}, the entries of a large directory looked at in parts.
   *
   * @throws IOException what {@code runner} throws, and nothing else
   */
  public Listing list(ScannedEntry directory, Parts runner) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Pass pass = new Pass(directory);
      boolean still = pass.run(runner);
      if (still || attempt == LISTING_ATTEMPTS) {
        return pass.listing();
      }
    }
  }

  /** One attempt at a directory. What it finds out is told only if it is the last. */
  private final class Pass {

    private final ScannedEntry directory;
    private final List<Path> paths = new ArrayList<>();
    private final List<ScannedEntry> entries = new ArrayList<>();
    private final List<Runnable> findings = new ArrayList<>();
    private boolean complete = true;

    Pass(ScannedEntry directory) {
      this.directory = directory;
    }

    /** Returns whether the directory kept still meanwhile. */
    boolean run(Parts runner) throws IOException {
      Attributes before = readPaths();
      List<Part> parts = new ArrayList<>();
      for (int from = 0; from < paths.size(); from += PART) {
        parts.add(new Part(directory, paths.subList(from, Math.min(from + PART, paths.size()))));
      }
      runner.run(parts);
      for (Part part : parts) {
        entries.addAll(part.entries);
        findings.addAll(part.findings);
        complete &= part.complete;
      }
      return before == null || isStill(before);
    }

    /** Returns the directory's attributes before it was read, null if it could not be. */
    private Attributes readPaths() {
      try {
        FileStat before = FileStat.read(directory.path());
        if (before.kind() != FileStat.Kind.DIRECTORY
            || !before.identity().equals(directory.identity())) {
          fail("was replaced while its component was read");
          return null;
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory.path())) {
          stream.forEach(paths::add);
        }
        return before.attributes();
      } catch (DirectoryIteratorException e) {
        fail(ScanProblems.reason(e.getCause()));
      } catch (IOException e) {
        fail(ScanProblems.reason(e));
      }
      return null;
    }

    private boolean isStill(Attributes before) {
      try {
        return FileStat.read(directory.path()).attributes().sameVersion(before);
      } catch (IOException e) {
        fail(ScanProblems.reason(e));
        return true;
      }
    }

    private void fail(String reason) {
      complete = false;
      findings.add(() -> problems.failed(directory.display(), reason));
    }

    Listing listing() {
      findings.forEach(Runnable::run);
      entries.sort((a, b) -> Arrays.compareUnsigned(a.name(), b.name()));
      // A directory that changes may name an entry twice.
      for (int i = entries.size() - 1; i > 0; i--) {
        if (Arrays.equals(entries.get(i).name(), entries.get(i - 1).name())) {
          entries.remove(i);
        }
      }
      return new Listing(entries, complete);
    }
  }

  /** Some of the names in a directory, looked at by one thread. */
  private final class Part implements Runnable {

    private final ScannedEntry directory;
    private final List<Path> paths;
    private final List<ScannedEntry> entries = new ArrayList<>();
    private final List<Runnable> findings = new ArrayList<>();
    private boolean complete = true;

    Part(ScannedEntry directory, List<Path> paths) {
      this.directory = directory;
      this.paths = paths;
    }

    @Override
    public void run() {
      paths.forEach(this::look);
    }

    private void look(Path path) {
      byte[] name;
      try {
        name = NativeNames.name(path);
      } catch (InvalidPathException e) {
        fail(directory.place(), "holds a name that is not valid Unicode");
        return;
      }
      try {
        if (!excludes.isEmpty() && isExcluded(directory.place(name))) {
          return;
        }
        FileStat stat = FileStat.read(path);
        if (stat.kind().type().isEmpty()) {
          skip(directory.place(name), "is " + stat.kind());
        } else if (stat.kind() == FileStat.Kind.DIRECTORY && isRepository(path, stat)) {
          skip(directory.place(name), "is the repository itself");
        } else if (stat.kind() != FileStat.Kind.DIRECTORY || !Arrays.equals(name, STAGE_NAME)) {
          entries.add(entry(directory, name, path, stat));
        }
      } catch (NoSuchFileException e) {
        // Gone since the directory named it; then the directory has changed and is listed again.
      } catch (IOException e) {
        fail(directory.place(name), ScanProblems.reason(e));
      }
    }

    private void fail(byte[] place, String reason) {
      complete = false;
      findings.add(() -> problems.failed(RawName.display(place), reason));
    }

    private void skip(byte[] place, String reason) {
      findings.add(() -> problems.skipped(RawName.display(place), reason));
    }
  }

  /** Whether an entry of this name is left out of a directory, wanted or not. */
  public boolean isExcluded(ScannedEntry directory, byte[] name) {
    return !excludes.isEmpty() && isExcluded(directory.place(name));
  }

  private boolean isExcluded(byte[] place) {
    return matches(excludes, place);
  }

  /** Whether the component declares a file as one that is only appended to. */
  public boolean isAppendOnly(ScannedEntry file) {
    return !appendOnly.isEmpty() && matches(appendOnly, file.place());
  }

  private static boolean matches(List<Glob> globs, byte[] place) {
    for (Glob glob : globs) {
      if (glob.matches(place)) {
        return true;
      }
    }
    return false;
  }

  private boolean isRepository(Path path, FileStat stat) {
    return stat.identity().isKnown()
        ? stat.identity().equals(repositoryIdentity)
        : repository.filter(path::equals).isPresent();
  }

  /**
   * Looks at an entry again, for instance after its reading came out {@link Outcome#CHANGED}; what
   * has its name now may be of another type.
   *
   * @return empty if there is nothing of that name any more, or a special file, which is skipped
   *     with a word
   * @throws IOException if it cannot be looked at
   */
  public Optional<ScannedEntry> refresh(ScannedEntry entry) throws IOException {
    try {
      FileStat stat = FileStat.read(entry.path());
      if (stat.kind().type().isEmpty()) {
        problems.skipped(entry.display(), "is " + stat.kind());
        return Optional.empty();
      }
      return Optional.of(entry(entry.parent(), entry.name(), entry.path(), stat));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Looks for the file beside an entry whose name is the entry's and a suffix; what is excluded is
   * not there.
   *
   * @param suffix of ASCII characters
   * @return empty if there is no regular file of that name
   * @throws IOException if it cannot be looked at
   */
  public Optional<ScannedEntry> sibling(ScannedEntry entry, String suffix) throws IOException {
    byte[] first = NativeNames.name(entry.path());
    byte[] name = Arrays.copyOf(first, first.length + suffix.length());
    System.arraycopy(
        suffix.getBytes(StandardCharsets.US_ASCII), 0, name, first.length, suffix.length());
    ScannedEntry directory = entry.parent();
    if (directory != null && isExcluded(directory.place(name))) {
      return Optional.empty();
    }
    Path path = NativeNames.resolve(entry.path().getParent(), name);
    try {
      FileStat stat = FileStat.read(path);
      return stat.kind() == FileStat.Kind.FILE
          ? Optional.of(entry(directory, name, path, stat))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private ScannedEntry entry(ScannedEntry parent, byte[] name, Path path, FileStat stat)
      throws IOException {
    return switch (stat.kind()) {
      case FILE ->
        ScannedEntry.file(
            parent, name, path, stat.attributes(), liveFiles.handle(path, stat.identity()));
      case DIRECTORY -> ScannedEntry.directory(parent, name, path, stat.attributes());
      case SYMLINK ->
        ScannedEntry.symlink(parent, name, path, stat.attributes(), NativeNames.linkTarget(path));
      default -> throw new IllegalArgumentException("no snapshot holds " + stat.kind());
    };
  }

  /**
   * Begins to read some files: finds out which of them the application has open, lists those as
   * failed, and leaves them out of the batch. Costs about a millisecond, and as much again at its
   * end, however many files there are.
   *
   * @param files files of this scan
   * @return the batch, which must be closed
   * @throws IOException if it cannot be found out what the application has open; no file may be
   *     read then
   */
  public ReadBatch begin(List<ScannedEntry> files) throws IOException {
    return new ReadBatch(files, openFiles, problems);
  }

  /**
   * As {@link #begin}, but lists nothing: files that the application has open now are to be tried
   * again when it may have let go of them.
   */
  public ReadBatch tryToBegin(List<ScannedEntry> files) throws IOException {
    return new ReadBatch(files, openFiles, ScanProblems.UNHEARD);
  }

  /**
   * Closes files that an earlier batch had to keep open for the application's sake, as far as it
   * has let go; the rest is closed by a later batch of any scan in this process.
   */
  @Override
  public void close() throws IOException {
    openFiles.closeKept();
  }
}
