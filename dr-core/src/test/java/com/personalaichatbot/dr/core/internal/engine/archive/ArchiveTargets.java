package com.personalaichatbot.dr.core.internal.engine.archive;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.internal.archive.ArchiveEntry;
import com.personalaichatbot.dr.core.internal.archive.ArchiveReader;
import com.personalaichatbot.dr.core.internal.archive.BadArchiveException;
import com.personalaichatbot.dr.core.internal.archive.Compression;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Fuzz targets: the readers of an import. */
public final class ArchiveTargets {
  private static final long MAX_BYTES = 4 << 20;
  private static final int MAX_ENTRIES = 1000;

  private ArchiveTargets() {}

  /** Reads an archive, its names and its content, to the limit. */
  public static void archive(byte[] input) throws IOException {
    try {
      read(new ByteArrayInputStream(input));
    } catch (BadArchiveException expected) {
      // Refused.
    }
  }

  private static void read(InputStream in) throws IOException {
    ArchiveReader reader = ArchiveReader.open(in, Instant.EPOCH);
    ImportTree tree = new ImportTree(MAX_ENTRIES);
    long bytes = 0;
    for (ArchiveEntry entry; (entry = reader.next()) != null; ) {
      bytes += entry.attributes().size();
      if (bytes > MAX_BYTES) {
        return;
      }
      tree.add(entry);
      // Content of other entries is passed over.
      if (entry.type() == ArchiveEntry.Type.FILE && entry.attributes().mode() != 0) {
        readContent(reader, entry.attributes().size());
      }
      reader.comment().ifPresent(ArchiveComment::parse);
    }
    tree.finish(ArchiveEntry.attributes(0700, 0, 0, 0, 0, 0));
  }

  private static void readContent(ArchiveReader reader, long size) throws IOException {
    byte[] content = new byte[5000];
    long read = 0;
    for (int count; (count = reader.read(content, 7, 4900)) > 0; ) {
      read += count;
    }
    if (read != size) {
      throw new AssertionError("an entry of " + size + " bytes gave " + read);
    }
  }

  /** Reads a compressed archive. */
  public static void compressed(byte[] input) throws IOException {
    BufferedInputStream raw = new BufferedInputStream(new ByteArrayInputStream(input), 1 << 16);
    Optional<Compression> compression = Compression.of(raw);
    if (compression.isEmpty()) {
      return;
    }
    try (InputStream plain = compression.get().reading(raw, MAX_BYTES)) {
      read(plain);
    } catch (BadArchiveException expected) {
      // Refused.
    }
  }

  /** Reads the comment of an archive. */
  public static void comment(byte[] input) {
    ArchiveComment.parse(new String(input, StandardCharsets.UTF_8));
  }

  /** Reads the metadata of an archive. */
  public static void metadata(byte[] input) throws IOException {
    try (FileSystem files = Jimfs.newFileSystem(Configuration.unix())) {
      Path directory = Files.createDirectory(files.getPath("/backup"));
      Files.write(directory.resolve("full_backup_20250102_030405.metadata.json"), input);
      ArchiveOrigin.of(directory.resolve("full_backup_20250102_030405.tar.gz"), ZoneOffset.UTC);
    }
  }

  /** Reads a template of an .env file. */
  public static void template(byte[] input) {
    EnvTemplate.keys(input);
  }
}
