package com.personalaichatbot.dr.core.internal.engine.archive;

import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.compress.DictionaryTrainer;
import com.personalaichatbot.dr.core.internal.read.ContentCheck;
import com.personalaichatbot.dr.core.internal.session.FileDigest;
import com.personalaichatbot.dr.core.internal.write.BlobSink;
import com.personalaichatbot.dr.core.internal.write.FileChunker;
import com.personalaichatbot.dr.core.internal.write.NewSnapshot;
import com.personalaichatbot.dr.core.internal.write.PackOutput;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Stores the files of an archive. An archive cannot be sampled before it is read: while there is no
 * dictionary yet, small files wait in memory, at most 16 MiB of them, until there are enough to
 * train one. Not thread-safe.
 */
final class ImportContent implements Closeable {
  private final PackOutput output;
  private final BlobSink sink;
  private final List<Held> held = new ArrayList<>();
  private final List<byte[]> samples = new ArrayList<>();
  private Dictionary dictionary;
  private boolean trains;
  private int sampleBytes;

  /** Stores into a snapshot in the making. */
  ImportContent(NewSnapshot making) throws IOException {
    this.output = making.output();
    this.dictionary = making.knownDictionary();
    this.trains = dictionary == null && output.compressesWithDictionary();
    this.sink = output.borrow();
  }

  /** A small file that waits. */
  private record Held(ImportTree.Node node, byte[] content) {}

  /**
   * Stores a file.
   *
   * @param secret whether it must have nothing to do with a dictionary
   */
  void store(ImportTree.Node node, boolean secret, ContentCheck.Bytes bytes) throws IOException {
    long size = node.attributes().size();
    if (!trains || secret || size == 0 || size >= sink.smallFile()) {
      node.setContent(new FileChunker(sink)
          .store(bytes, secret ? null : dictionary, null, new FileDigest(false)));
      return;
    }
    byte[] content = new byte[(int) size];
    bytes.read(content, 0, content.length);
    held.add(new Held(node, content));
    byte[] sample =
        Arrays.copyOf(content, Math.min(content.length, DictionaryTrainer.SAMPLE_LENGTH));
    samples.add(sample);
    sampleBytes += sample.length;
    if (sampleBytes >= DictionaryTrainer.SAMPLE_BYTES) {
      train();
    }
  }

  private void train() throws IOException {
    trains = false;
    Optional<byte[]> trained = DictionaryTrainer.train(samples);
    samples.clear();
    dictionary = trained.isPresent() ? output.writeDictionary(trained.get()) : null;
    for (Held file : held) {
      int[] at = {0};
      file.node.setContent(new FileChunker(sink)
          .store(
              (buffer, offset, length) -> {
                int count = Math.min(length, file.content.length - at[0]);
                System.arraycopy(file.content, at[0], buffer, offset, count);
                at[0] += count;
                return count;
              },
              dictionary,
              null,
              new FileDigest(false)));
    }
    held.clear();
  }

  /** Stores what waits, and gives the dictionary that was used, or null. */
  Dictionary finish() throws IOException {
    if (trains) {
      train();
    }
    return dictionary;
  }

  @Override
  public void close() {
    output.giveBack(sink);
  }
}
