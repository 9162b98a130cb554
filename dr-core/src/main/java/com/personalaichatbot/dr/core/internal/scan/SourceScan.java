package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Source;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.store.Directories;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

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

  /**
   * How the names of the empty files begin with which a restore tries a directory; a UUID ends
   * them.
   */
  public static final String PROBE = STAGE + "-probe-";

  /** What a journal's name adds to that of its database. */
  public static final List<String> JOURNALS = List.of("-journal", "-wal");

  private static final byte[] STAGE_NAME = STAGE.getBytes(StandardCharsets.US_ASCII);
  private static final Pattern PROBE_NAME =
      Pattern.compile(Pattern.quote(PROBE) + "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final int LISTING_ATTEMPTS = 3;
  private static final int NAMES_SEARCHED = 4096;
  private static final int PART = 512;

  private final Component component;
  private final ScanProblems problems;
  private final List<Glob> excludes;
  private final List<Glob> appendOnly;
  private final Optional<Path> repository;
  private final OpenFiles openFiles;
  private final Function<Path, String> advice;

  // Found by root().
  private volatile LiveFiles liveFiles;
  private volatile FileIdentity repositoryIdentity;
  private volatile Set<FileIdentity> mapped = Set.of();

  /** Opens nothing yet. */
  public SourceScan(Component component, ScanRules rules, ScanProblems problems) {
    this(component, rules, problems, InUse::whileBackingUp);
  }

  /**
   * Opens nothing yet.
   *
   * @param advice what can be done about a file that this process has open, see {@link InUse}
   */
  public SourceScan(
      Component component, ScanRules rules, ScanProblems problems, Function<Path, String> advice) {
    this.advice = advice;
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
    mapped = openFiles.mapped();
    liveFiles = new LiveFiles(source, path, problems);
    repositoryIdentity =
        repository.isPresent() && Directories.look(repository.get()).isPresent()
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
      boolean still;
      try (TargetDirectories way = way(directory)) {
        still = pass.run(runner, way);
      }
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
    private final List<byte[]> excludedJournals = new ArrayList<>();
    private Path access;
    private boolean complete = true;

    Pass(ScannedEntry directory) {
      this.directory = directory;
    }

    /** Returns whether the directory kept still meanwhile. */
    boolean run(Parts runner, TargetDirectories way) throws IOException {
      Attributes before = readPaths(way);
      List<Part> parts = new ArrayList<>();
      for (int from = 0; from < paths.size(); from += PART) {
        parts.add(new Part(directory, paths.subList(from, Math.min(from + PART, paths.size()))));
      }
      runner.run(parts);
      for (Part part : parts) {
        entries.addAll(part.entries);
        findings.addAll(part.findings);
        complete &= part.complete;
        excludedJournals.addAll(part.excludedJournals);
      }
      return before == null || isStill(before);
    }

    /** Returns the directory's attributes before it was read, null if it could not be. */
    private Attributes readPaths(TargetDirectories way) {
      try {
        access = reach(way, directory.path());
        FileStat before = FileStat.read(access);
        if (way != null && before.kind() == FileStat.Kind.DIRECTORY) {
          access = way.access(directory.path());
          before = FileStat.read(access);
        }
        if (before.kind() != FileStat.Kind.DIRECTORY
            || !before.identity().equals(directory.identity())) {
          fail("was replaced while its component was read");
          return null;
        }
        paths.addAll(Directories.list(access));
        return before.attributes();
      } catch (IOException e) {
        fail(Failures.describe(e));
      }
      return null;
    }

    private boolean isStill(Attributes before) {
      try {
        return FileStat.read(access).attributes().sameVersion(before);
      } catch (IOException e) {
        fail(Failures.describe(e));
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
      return new Listing(entries, complete, excludedJournals);
    }
  }

  /** Some of the names in a directory, looked at by one thread. */
  private final class Part implements Runnable {

    private final ScannedEntry directory;
    private final List<Path> paths;
    private final List<ScannedEntry> entries = new ArrayList<>();
    private final List<Runnable> findings = new ArrayList<>();
    private final List<byte[]> excludedJournals = new ArrayList<>();
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
        if (isExcluded(directory, name)) {
          if (isJournal(name)) {
            excludedJournals.add(name);
          }
          return;
        }
        FileStat stat = FileStat.read(path);
        Path real = directory.path().resolve(path.getFileName());
        if (stat.kind().type().isEmpty()) {
          skip(directory.place(name), "is " + stat.kind());
        } else if (stat.kind() == FileStat.Kind.DIRECTORY && isRepository(real, stat)) {
          skip(directory.place(name), "is the repository itself");
        } else if (isProbe(name, stat)) {
          skip(directory.place(name), "is left of a restore that was killed; delete it");
        } else if (stat.kind() != FileStat.Kind.DIRECTORY || !Arrays.equals(name, STAGE_NAME)) {
          entries.add(entry(directory, name, real, path, stat));
        }
      } catch (NoSuchFileException e) {
        // Gone since the directory named it; then the directory has changed and is listed again.
      } catch (IOException e) {
        fail(directory.place(name), Failures.describe(e));
      }
    }

    private static boolean isProbe(byte[] name, FileStat stat) {
      return stat.kind() == FileStat.Kind.FILE
          && stat.attributes().size() == 0
          && PROBE_NAME.matcher(RawName.display(name)).matches();
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

  private static boolean isJournal(byte[] name) {
    return JOURNALS.stream().anyMatch(end -> endsWith(name, end));
  }

  private static boolean endsWith(byte[] name, String end) {
    byte[] bytes = end.getBytes(StandardCharsets.US_ASCII);
    int rest = name.length - bytes.length;
    return rest > 0 && Arrays.equals(name, rest, name.length, bytes, 0, bytes.length);
  }

  private boolean isExcluded(byte[] place) {
    return matches(excludes, place);
  }

  /**
   * Whether this process had mapped a file into its memory, to write it, when this scan began: its
   * attributes do not tell then whether it changed.
   */
  public boolean isMapped(ScannedEntry file) {
    return mapped.contains(file.identity());
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
    try (TargetDirectories way = way(entry)) {
      Path access = reach(way, entry.path());
      FileStat stat = FileStat.read(access);
      if (stat.kind().type().isEmpty()) {
        problems.skipped(entry.display(), "is " + stat.kind());
        return Optional.empty();
      }
      return Optional.of(entry(entry.parent(), entry.name(), entry.path(), access, stat));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Looks for a file under another name in its directory, after it was renamed.
   *
   * @param file where it was
   * @param seen its attributes there
   * @return the file, with the name that it had and the path that it has; empty if it is not found
   *     among the first {@value #NAMES_SEARCHED} names, or file systems tell no file from another
   * @throws IOException if the directory cannot be looked at
   */
  public Optional<ScannedEntry> follow(ScannedEntry file, Attributes seen) throws IOException {
    FileIdentity wanted = new FileIdentity(seen.device(), seen.inode());
    if (!wanted.isKnown()) {
      return Optional.empty();
    }
    int names = 0;
    for (Path path : Directories.list(file.path().getParent())) {
      Optional<FileStat> stat = names++ < NAMES_SEARCHED ? statIfThere(path) : Optional.empty();
      if (stat.isPresent() && stat.get().identity().equals(wanted)) {
        return Optional.of(entry(file.parent(), file.name(), path, stat.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<FileStat> statIfThere(Path path) throws IOException {
    try {
      return Optional.of(FileStat.read(path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Looks for an entry of a directory by its name, which the listing did not hold.
   *
   * @return empty if there is nothing of that name, a special file, or what is excluded
   * @throws IOException if it cannot be looked at
   */
  public Optional<ScannedEntry> find(ScannedEntry directory, byte[] name) throws IOException {
    if (isExcluded(directory, name)) {
      return Optional.empty();
    }
    Path path = NativeNames.resolve(directory.path(), name);
    try (TargetDirectories way = way(directory)) {
      Path access = reach(way, path);
      FileStat stat = FileStat.read(access);
      return stat.kind().type().isEmpty()
          ? Optional.empty()
          : Optional.of(entry(directory, name, path, access, stat));
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
    return sibling(entry, suffix, false);
  }

  /** As {@link #sibling(ScannedEntry, String)}, but finds what is excluded, and nothing else. */
  public Optional<ScannedEntry> excludedSibling(ScannedEntry entry, String suffix)
      throws IOException {
    return sibling(entry, suffix, true);
  }

  private Optional<ScannedEntry> sibling(ScannedEntry entry, String suffix, boolean excluded)
      throws IOException {
    byte[] first = NativeNames.name(entry.path());
    byte[] name = Arrays.copyOf(first, first.length + suffix.length());
    System.arraycopy(
        suffix.getBytes(StandardCharsets.US_ASCII), 0, name, first.length, suffix.length());
    ScannedEntry directory = entry.parent();
    if (excluded != (directory != null && isExcluded(directory, name))) {
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

  /** The way to what is below the component of an entry; null where nothing can be held. */
  private static TargetDirectories way(ScannedEntry entry) {
    return HeldDirectory.isOffered(entry.path())
        ? new TargetDirectories(entry.root().path())
        : null;
  }

  private static Path reach(TargetDirectories way, Path path) throws IOException {
    return way == null ? path : way.resolve(path);
  }

  private ScannedEntry entry(ScannedEntry parent, byte[] name, Path path, FileStat stat)
      throws IOException {
    return entry(parent, name, path, path, stat);
  }

  /** The entry at a path, which is reached by another one just now. */
  private ScannedEntry entry(
      ScannedEntry parent, byte[] name, Path path, Path access, FileStat stat) throws IOException {
    return switch (stat.kind()) {
      case FILE ->
        ScannedEntry.file(
            parent, name, path, stat.attributes(), liveFiles.handle(path, stat.identity()));
      case DIRECTORY -> ScannedEntry.directory(parent, name, path, stat.attributes());
      case SYMLINK ->
        ScannedEntry.symlink(parent, name, path, stat.attributes(), NativeNames.linkTarget(access));
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
    return new ReadBatch(files, openFiles, problems, advice);
  }

  /**
   * As {@link #begin}, but lists nothing: files that the application has open now are to be tried
   * again when it may have released them.
   */
  public ReadBatch tryToBegin(List<ScannedEntry> files) throws IOException {
    return new ReadBatch(files, openFiles, ScanProblems.UNHEARD, advice);
  }

  /**
   * Closes files that an earlier batch had to keep open for the application's sake, as far as it
   * has released them; the rest is closed by a later batch of any scan in this process.
   */
  @Override
  public void close() throws IOException {
    openFiles.closeKept();
  }
}
