package com.personalaichatbot.dr.core.testkit;

import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** A path of a {@link FaultyFileSystem}: that of the file system below, with another provider. */
record FaultyPath(FaultyFileSystem fileSystem, Path below) implements Path {

  static Path below(Path path) {
    if (path instanceof FaultyPath faulty) {
      return faulty.below;
    }
    throw new ProviderMismatchException("not a path of a faulty file system: " + path);
  }

  private Path wrap(Path path) {
    return path == null ? null : new FaultyPath(fileSystem, path);
  }

  @Override
  public FaultyFileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public boolean isAbsolute() {
    return below.isAbsolute();
  }

  @Override
  public Path getRoot() {
    return wrap(below.getRoot());
  }

  @Override
  public Path getFileName() {
    return wrap(below.getFileName());
  }

  @Override
  public Path getParent() {
    return wrap(below.getParent());
  }

  @Override
  public int getNameCount() {
    return below.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return wrap(below.getName(index));
  }

  @Override
  public Path subpath(int beginIndex, int endIndex) {
    return wrap(below.subpath(beginIndex, endIndex));
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof FaultyPath faulty && below.startsWith(faulty.below);
  }

  @Override
  public boolean endsWith(Path other) {
    return other instanceof FaultyPath faulty && below.endsWith(faulty.below);
  }

  @Override
  public Path normalize() {
    return wrap(below.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return wrap(below.resolve(below(other)));
  }

  @Override
  public Path relativize(Path other) {
    return wrap(below.relativize(below(other)));
  }

  @Override
  public URI toUri() {
    return below.toUri();
  }

  @Override
  public Path toAbsolutePath() {
    return wrap(below.toAbsolutePath());
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return wrap(below.toRealPath(options));
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    return below.register(watcher, events, modifiers);
  }

  @Override
  public int compareTo(Path other) {
    return below.compareTo(below(other));
  }

  @Override
  public String toString() {
    return below.toString();
  }
}
