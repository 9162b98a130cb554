package com.personalaichatbot.dr.core.testkit;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A file system that fails where a test wants it to, and otherwise does what the file system below
 * it does. Whatever takes a {@link Path} can be given one of its paths.
 *
 * <pre>{@code
 * FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
 * Fault unforced = files.fail(FileCall.FORCE).once();
 * Storage storage = LocalStorage.at(files.path(temp));
 * ...
 * assertThat(unforced.fired()).isTrue();
 * }</pre>
 *
 * <p>Of several faults that would strike a call the one planted first does; the names that faults
 * go by are absolute paths. Attributes that are read or set through a
 * {@link java.nio.file.attribute.FileAttributeView} are out of their reach. Safe for use by several
 * threads.
 */
public final class FaultyFileSystem extends FileSystem {

  private final Faults faults = new Faults();
  private final FileSystem below;
  private final FaultyProvider provider;

  /**
   * Wraps a file system. No fault is planted yet.
   *
   * @param below the file system that does the work
   */
  public FaultyFileSystem(FileSystem below) {
    this.below = below;
    this.provider = new FaultyProvider(this, below.provider(), faults);
  }

  /**
   * Plants a fault that strikes every call of a kind.
   *
   * @param call the kind of call
   * @return the fault, to be narrowed down
   */
  public Fault fail(FileCall call) {
    return faults.plant(call);
  }

  /** Every fault that a test ever planted here. */
  List<Fault> planted() {
    return faults.everPlanted();
  }

  /** Removes all faults. */
  public void heal() {
    faults.clear();
  }

  /**
   * Returns how many calls of a kind there were, with those that a fault struck.
   *
   * @param call the kind of call
   * @return their number since this file system was made
   */
  public int calls(FileCall call) {
    return faults.calls(call);
  }

  /**
   * Returns the path of this file system for one of the file system below.
   *
   * @param path a path of the file system below
   * @return the path whose calls the faults strike
   */
  public Path path(Path path) {
    return new FaultyPath(this, path);
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  /** Does nothing: the file system below is not this one's to close. */
  @Override
  public void close() {}

  @Override
  public boolean isOpen() {
    return below.isOpen();
  }

  @Override
  public boolean isReadOnly() {
    return below.isReadOnly();
  }

  @Override
  public String getSeparator() {
    return below.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    List<Path> roots = new ArrayList<>();
    below.getRootDirectories().forEach(root -> roots.add(path(root)));
    return roots;
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return below.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return below.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return path(below.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = below.getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(FaultyPath.below(path));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return below.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() throws IOException {
    return below.newWatchService();
  }
}
