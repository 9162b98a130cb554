package com.personalaichatbot.dr.core.internal.write;

import com.personalaichatbot.dr.core.internal.format.Content;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.session.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The pieces of a large file: one thread reads and cuts it, buffer by buffer, and tasks store what
 * was cut. Nobody waits for them; whoever stores the last piece puts the content together.
 */
public final class ParallelFileChunker extends FileChunker {
  private final BlobSink sink;
  private final LongConsumer added;
  private final PackOutput output;
  private final Workers.Batch tasks;
  private List<Cut> cuts = new ArrayList<>();
  private byte[] filled;
  private int open = 1;
  private String sha256;
  private Taker taker;

  public ParallelFileChunker(
      BlobSink sink, LongConsumer added, PackOutput output, Workers.Batch tasks) {
    super(sink);
    this.sink = sink;
    this.added = added;
    this.output = output;
    this.tasks = tasks;
  }

  /** A piece in a buffer, and which extent of the file it is. */
  private record Cut(int number, long position, int offset, int length) {}

  /** Takes the content when all of it is stored. */
  @FunctionalInterface
  public interface Taker {
    void take(Content content) throws IOException;
  }

  @Override
  byte[] firstBuffer() {
    return newBuffer();
  }

  private byte[] newBuffer() {
    byte[] idle = output.borrowBuffer();
    return idle == null ? sink.newBuffer() : idle;
  }

  @Override
  byte[] nextBuffer(byte[] buffer, int offset, int rest) throws IOException {
    if (cuts.isEmpty()) {
      return super.nextBuffer(buffer, offset, rest);
    }
    byte[] next = newBuffer();
    System.arraycopy(buffer, offset, next, 0, rest);
    submit();
    return next;
  }

  @Override
  synchronized void add(long position, byte[] buffer, int offset, int length) {
    filled = buffer;
    cuts.add(new Cut(pieces.size(), position, offset, length));
    pieces.add(null);
  }

  @Override
  synchronized void addHole(int length) {
    super.addHole(length);
  }

  /** Has the last pieces stored; what is returned stands for the content until that is known. */
  @Override
  Content content(String newSha256) throws IOException {
    sha256 = newSha256;
    submit();
    return Content.EMPTY;
  }

  /** Whether nothing was added. */
  public synchronized boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** Hands the content over, now or when its last piece is stored, by whoever stores it. */
  public void whenStored(Taker newTaker) throws IOException {
    taker = newTaker;
    close();
  }

  private void submit() throws IOException {
    List<Cut> mine = cuts;
    byte[] buffer = filled;
    if (mine.isEmpty()) {
      return;
    }
    cuts = new ArrayList<>();
    synchronized (this) {
      open++;
    }
    tasks.submit(() -> {
      BlobSink own = output.borrow();
      try {
        for (Cut cut : mine) {
          set(cut, store(cut.position, buffer, cut.offset, cut.length, own));
        }
        added.accept(own.takeAdded());
      } finally {
        output.giveBack(own);
      }
      output.giveBackBuffer(buffer);
      close();
    });
  }

  private synchronized void set(Cut cut, Extent[] extents) {
    pieces.set(cut.number, extents);
  }

  private void close() throws IOException {
    synchronized (this) {
      if (--open > 0) {
        return;
      }
    }
    BlobSink own = output.borrow();
    Content content;
    try {
      content = content(sha256, own);
      added.accept(own.takeAdded());
    } finally {
      output.giveBack(own);
    }
    taker.take(content);
  }
}
