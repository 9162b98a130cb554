package com.personalaichatbot.dr.core.testkit;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** Passes every call of a {@link FaultyFileSystem} by its faults to the provider below. */
final class FaultyProvider extends FileSystemProvider {

  private final FaultyFileSystem fileSystem;
  private final FileSystemProvider below;
  private final Faults faults;

  FaultyProvider(FaultyFileSystem fileSystem, FileSystemProvider below, Faults faults) {
    this.fileSystem = fileSystem;
    this.below = below;
    this.faults = faults;
  }

  private <T> T call(FileCall call, Path path, Fault.Operation<T> operation) throws IOException {
    return faults.call(call, path.toAbsolutePath().toString(), operation);
  }

  private static Path below(Path path) {
    return FaultyPath.below(path);
  }

  @Override
  public String getScheme() {
    return "faulty";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException("use the constructor");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return fileSystem;
  }

  @Override
  public Path getPath(URI uri) {
    return fileSystem.path(below.getPath(uri));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    String name = path.toAbsolutePath().toString();
    return faults.call(
        FileCall.OPEN,
        name,
        () -> new FaultyChannel(
            below.newFileChannel(below(path), options, attributes), name, faults));
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    DirectoryStream<Path> stream = call(
        FileCall.LIST,
        directory,
        () -> below.newDirectoryStream(
            below(directory), path -> filter.accept(fileSystem.path(path))));
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return new Entries(stream.iterator(), directory);
      }

      @Override
      public void close() throws IOException {
        stream.close();
      }
    };
  }

  /**
   * The entries of a directory; an error is told in the way of a directory stream, which reads
   * ahead when it is asked whether there is more.
   */
  private final class Entries implements Iterator<Path> {

    private final Iterator<Path> entries;
    private final Path directory;
    private Path ahead;
    private boolean ended;

    Entries(Iterator<Path> entries, Path directory) {
      this.entries = entries;
      this.directory = directory;
    }

    @Override
    public boolean hasNext() {
      if (ahead == null && !ended) {
        try {
          ahead =
              call(FileCall.LIST_NEXT, directory, () -> entries.hasNext() ? entries.next() : null);
          ended = ahead == null;
        } catch (IOException e) {
          throw new DirectoryIteratorException(e);
        }
      }
      return ahead != null;
    }

    @Override
    public Path next() {
      if (!hasNext()) {
        throw new NoSuchElementException(directory.toString());
      }
      Path next = fileSystem.path(ahead);
      ahead = null;
      return next;
    }
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    call(FileCall.CREATE_DIRECTORY, directory, () -> {
      below.createDirectory(below(directory), attributes);
      return null;
    });
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    call(FileCall.LINK, link, () -> {
      below.createLink(below(link), below(existing));
      return null;
    });
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    call(FileCall.SYMBOLIC_LINK, link, () -> {
      below.createSymbolicLink(below(link), below(target), attributes);
      return null;
    });
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    return fileSystem.path(
        call(FileCall.ATTRIBUTES, link, () -> below.readSymbolicLink(below(link))));
  }

  @Override
  public void delete(Path path) throws IOException {
    call(FileCall.DELETE, path, () -> {
      below.delete(below(path));
      return null;
    });
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    call(FileCall.COPY, target, () -> {
      below.copy(below(source), below(target), options);
      return null;
    });
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    call(FileCall.MOVE, target, () -> {
      below.move(below(source), below(target), options);
      return null;
    });
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    return below.isSameFile(below(path), below(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return below.isHidden(below(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return below.getFileStore(below(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    call(FileCall.ACCESS, path, () -> {
      below.checkAccess(below(path), modes);
      return null;
    });
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return below.getFileAttributeView(below(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return call(FileCall.ATTRIBUTES, path, () -> below.readAttributes(below(path), type, options));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return call(
        FileCall.ATTRIBUTES, path, () -> below.readAttributes(below(path), attributes, options));
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    call(FileCall.SET_ATTRIBUTES, path, () -> {
      below.setAttribute(below(path), attribute, value, options);
      return null;
    });
  }
}
