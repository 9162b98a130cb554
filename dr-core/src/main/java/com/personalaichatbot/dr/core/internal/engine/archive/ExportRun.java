package com.personalaichatbot.dr.core.internal.engine.archive;

import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.archive.ArchiveEntry;
import com.personalaichatbot.dr.core.internal.archive.Compression;
import com.personalaichatbot.dr.core.internal.archive.NewFile;
import com.personalaichatbot.dr.core.internal.archive.TarWriter;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.compress.Codec;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.ComponentStatus;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord.ComponentRecord;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.read.CatRun;
import com.personalaichatbot.dr.core.internal.read.SnapshotSource;
import com.personalaichatbot.dr.core.internal.read.SnapshotTree;
import com.personalaichatbot.dr.core.internal.scan.Nesting;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.session.ProgressMeter;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.ExchangeRefusedException;
import com.personalaichatbot.dr.core.operation.ExchangeReport;
import com.personalaichatbot.dr.core.operation.Progress;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes components of snapshots to an archive that any tar opens: each component under its name,
 * as a restore to a directory would have it.
 */
public final class ExportRun {
  private static final Logger log = LoggerFactory.getLogger(ExportRun.class);

  private final Session session;
  private final Map<LinkId, FirstName> linked = new HashMap<>();
  private final ProgressMeter progress;
  private TarWriter tar;
  private long files;
  private long bytes;

  /** Exports from this repository, once. */
  public ExportRun(Session session) {
    this.session = session;
    this.progress = new ProgressMeter(Progress.Phase.RESTORING, -1, session.progress());
  }

  /** Names of one file, as far as a snapshot can tell. */
  private record LinkId(long device, long inode) {}

  /** The name under which a file with several is in the archive. */
  private record FirstName(byte[] path, TreeEntry file) {}

  /** A component to export. */
  private record Part(CatalogEntry snapshot, ComponentRecord component) {}

  /**
   * Writes an archive.
   *
   * @param components their names; empty for all
   * @param file its ending says how it is compressed; appears when it is whole
   * @throws IllegalArgumentException if the ending is not one of those that are known
   * @throws ExchangeRefusedException if there is something already, or it would lie in the
   *     repository
   * @throws CorruptRepositoryException if stored data is missing or wrong
   */
  public ExchangeReport run(Selector selector, List<String> components, Path file)
      throws IOException {
    Instant started = session.clock().instant();
    Compression compression = Compression.of(file)
        .orElseThrow(() -> new IllegalArgumentException(
            "the name of an archive ends in .tar.gz or .tar.zst, not as " + file.getFileName()));
    requirePossible(file, compression);
    Set<String> notes = new LinkedHashSet<>();
    // What a restore of the same would take.
    RestoreRequest request =
        RestoreRequest.to(selector, file.toAbsolutePath().getParent()).withComponents(components);
    Map<String, SnapshotId> chosen;
    try (SnapshotSource source = SnapshotSource.open(session, request, notes::add);
        TargetDirectories way = new TargetDirectories(file.toAbsolutePath().getParent());
        NewFile archive = NewFile.create(
            file,
            way.resolve(file.toAbsolutePath()),
            session.seals().newBytes16().toString())) {
      chosen = source.choice().resolve(request, notes::add);
      List<Part> parts = parts(source, chosen, notes);
      BlobReader blobs = source.readers().take();
      try (TarWriter writer = new TarWriter(compression.writing(archive.stream()))) {
        tar = writer;
        tar.comment(comment(parts));
        for (Part part : parts) {
          write(part, blobs);
        }
      } finally {
        source.readers().giveBack(blobs);
      }
      archive.commit();
    }
    log.info("Export wrote {} files, {} bytes", files, bytes);
    return new ExchangeReport(
        chosen,
        files,
        bytes,
        List.copyOf(notes),
        Duration.between(started, session.clock().instant()));
  }

  private void requirePossible(Path file, Compression compression) throws IOException {
    if (compression == Compression.ZSTD && !Codec.zstdAvailable()) {
      throw new ExchangeRefusedException(
          file.toString(), Codec.zstdProblem(), "export to a .tar.gz file");
    }
    if (Directories.holds(file)) {
      throw new ExchangeRefusedException(
          file.toString(), "it exists already", "name another file, or move this one away");
    }
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Directories.isDirectory(directory)) {
      throw new ExchangeRefusedException(
          file.toString(),
          "there is no directory " + directory,
          "make the directory, or name a file in another one");
    }
    Optional<Path> repository = session.storage().localPath();
    if (repository.isPresent() && Nesting.contains(repository.get(), file)) {
      throw new ExchangeRefusedException(
          file.toString(), "it would lie in the repository", "name a file elsewhere");
    }
  }

  private static List<Part> parts(
      SnapshotSource source, Map<String, SnapshotId> chosen, Set<String> notes) throws IOException {
    List<Part> parts = new ArrayList<>();
    for (Map.Entry<String, SnapshotId> one : chosen.entrySet()) {
      CatalogEntry snapshot = source.choice().entry(one.getValue());
      source.choice().noteUnwhole(one.getKey(), one.getValue(), notes::add);
      for (ComponentRecord component : snapshot.snapshot().components()) {
        if (component.name().equals(one.getKey())) {
          parts.add(new Part(snapshot, component));
          if (component.kind() == Kind.SECRETS.ordinal()) {
            notes.add("the archive holds the secrets of component "
                + component.name()
                + " in clear; keep it accordingly, and delete it when it has served");
          }
          if (component.status() == ComponentStatus.INCOMPLETE) {
            notes.add("component " + component.name() + " is not complete in its snapshot");
          }
        }
      }
    }
    return parts;
  }

  private static String comment(List<Part> parts) {
    Instant taken = parts.stream()
        .map(p -> p.snapshot.snapshot().started())
        .min(Comparator.naturalOrder())
        .orElseThrow();
    return ArchiveComment.of(taken, parts.stream().map(Part::component).toList());
  }

  private void write(Part part, BlobReader blobs) throws IOException {
    TreeReader tree = new TreeReader(blobs);
    byte[] name = part.component.name().getBytes(StandardCharsets.UTF_8);
    TreeEntry root = tree.find(part.snapshot.snapshot().root(), name)
        .orElseThrow(() -> new CorruptRepositoryException(
            "snapshot " + Snapshots.id(part.snapshot.id()),
            "its tree does not hold the component " + part.component.name() + " that it names",
            "run dr verify to see what is damaged, and export another snapshot"));
    write(tree, blobs, name, root);
  }

  private void write(TreeReader tree, BlobReader blobs, byte[] path, TreeEntry entry)
      throws IOException {
    Attributes attributes = entry.attributes();
    switch (entry.type()) {
      case DIRECTORY -> {
        put(new ArchiveEntry(path, ArchiveEntry.Type.DIRECTORY, attributes, null));
        TreeReader.Cursor cursor = tree.open(entry.directory());
        for (TreeEntry child; (child = cursor.next()) != null; ) {
          write(tree, blobs, SnapshotTree.join(path, child.name()), child);
        }
        return;
      }
      case SYMLINK ->
        put(new ArchiveEntry(path, ArchiveEntry.Type.SYMLINK, attributes, entry.linkTarget()));
      default -> {
        Optional<byte[]> first = firstName(path, entry);
        if (first.isPresent()) {
          put(new ArchiveEntry(path, ArchiveEntry.Type.HARD_LINK, attributes, first.get()));
        } else {
          tar.begin(new ArchiveEntry(path, ArchiveEntry.Type.FILE, attributes, null));
          bytes += CatRun.write(tree, blobs, entry, tar.content());
          tar.end();
        }
      }
    }
    files++;
    progress.add(1, attributes.size());
  }

  /** The name under which the same file is in the archive already. */
  private Optional<byte[]> firstName(byte[] path, TreeEntry file) {
    Attributes attributes = file.attributes();
    if (attributes.links() < 2 || attributes.inode() == 0) {
      return Optional.empty();
    }
    FirstName first = linked.putIfAbsent(
        new LinkId(attributes.device(), attributes.inode()), new FirstName(path, file));
    // Of snapshots of different times the number may be the same and the file not.
    return first != null && first.file.sameAs(file) ? Optional.of(first.path) : Optional.empty();
  }

  private void put(ArchiveEntry entry) throws IOException {
    tar.begin(entry);
    tar.end();
  }
}
