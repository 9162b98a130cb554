package com.personalaichatbot.dr.examples.benchmark;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A store of messages in pages as SQLite lays them out: a header, and in each page the rows from
 * its end towards its beginning, each with its keys.
 */
final class MessageStore implements Database {
  private static final int PAGE = 4096;
  private static final int HEADER = 100;
  private static final int CHANGE_COUNTER = 24;
  private static final int KEYS = 32;
  private static final int TEXT = 40;

  private final Path file;
  private final Random random;
  private final Prose prose;

  MessageStore(Path file, Random random, Prose prose) {
    this.file = file;
    this.random = random;
    this.prose = prose;
  }

  @Override
  public String kind() {
    return "pages laid out as SQLite does";
  }

  @Override
  public void make(long bytes) throws IOException {
    Files.createDirectories(file.getParent());
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      long row = 0;
      for (long page = 0; page * PAGE < bytes; page++) {
        ByteBuffer content = ByteBuffer.allocate(PAGE);
        if (page == 0) {
          content.put("SQLite format 3\0".getBytes(StandardCharsets.US_ASCII));
          content.putShort((short) PAGE).put(new byte[] {1, 1, 0, 64, 32, 32});
        }
        row = fill(content, page == 0 ? HEADER : 0, row);
        out.write(content.array());
      }
    }
  }

  private long fill(ByteBuffer page, int first, long before) {
    long row = before;
    int rows = 0;
    int end = PAGE;
    while (true) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(4); i >= 0; i--) {
        prose.appendSentence(text);
      }
      int length = text.length() + TEXT;
      if (end - length < first + 8 + 2 * (rows + 1)) {
        break;
      }
      end -= length;
      page.position(end);
      page.putLong(++row).putLong(random.nextLong()).putLong(random.nextLong());
      page.putLong(1_760_000_000_000L + row * 1000).putInt(text.length()).putInt(0);
      page.put(text.toString().getBytes(StandardCharsets.US_ASCII));
      page.putShort(first + 8 + 2 * rows++, (short) end);
    }
    page.put(first, (byte) 13).putShort(first + 3, (short) rows);
    return row;
  }

  @Override
  public void edit(int rows) throws IOException {
    try (RandomAccessFile store = new RandomAccessFile(file.toFile(), "rw")) {
      int pages = (int) (store.length() / PAGE);
      byte[] bytes = new byte[PAGE];
      ByteBuffer page = ByteBuffer.wrap(bytes);
      for (int i = 0; i < rows; i++) {
        long position = (1L + random.nextInt(pages - 1)) * PAGE;
        store.seek(position);
        store.readFully(bytes);
        int row = page.getShort(8 + 2 * random.nextInt(page.getShort(3)));
        int length = page.getInt(row + KEYS);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
          prose.appendSentence(text);
        }
        page.position(row + TEXT);
        page.put(text.substring(0, length).getBytes(StandardCharsets.US_ASCII));
        store.seek(position);
        store.write(bytes);
      }
      store.seek(CHANGE_COUNTER);
      store.writeInt(random.nextInt());
    }
  }
}
