package com.personalaichatbot.dr.core.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file of a {@link FaultyFileSystem}. */
final class FaultyChannel extends FileChannel {

  private final FileChannel below;
  private final String name;
  private final Faults faults;

  FaultyChannel(FileChannel below, String name, Faults faults) {
    this.below = below;
    this.name = name;
    this.faults = faults;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return faults.call(FileCall.READ, name, () -> below.read(into));
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    return faults.call(FileCall.READ, name, () -> below.read(into, position));
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    return faults.call(FileCall.READ, name, () -> below.read(into, offset, length));
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    return faults.call(FileCall.WRITE, name, () -> below.write(from));
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    return faults.call(FileCall.WRITE, name, () -> below.write(from, position));
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    return faults.call(FileCall.WRITE, name, () -> below.write(from, offset, length));
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return faults.call(FileCall.READ, name, () -> below.transferTo(position, count, target));
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    return faults.call(FileCall.WRITE, name, () -> below.transferFrom(source, position, count));
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    faults.call(FileCall.WRITE, name, () -> below.truncate(size));
    return this;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    faults.call(FileCall.FORCE, name, () -> {
      below.force(metadata);
      return null;
    });
  }

  @Override
  public long position() throws IOException {
    return below.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    below.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return below.size();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    return below.map(mode, position, size);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return faults.call(FileCall.LOCK, name, () -> below.lock(position, size, shared));
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return faults.call(FileCall.LOCK, name, () -> below.tryLock(position, size, shared));
  }

  @Override
  protected void implCloseChannel() throws IOException {
    try (below) {
      faults.call(FileCall.CLOSE, name, () -> null);
    }
  }
}
