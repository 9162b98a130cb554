package com.personalaichatbot.dr.core.internal.engine.archive;

import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.archive.ArchiveEntry;
import com.personalaichatbot.dr.core.internal.archive.ArchiveReader;
import com.personalaichatbot.dr.core.internal.archive.BadArchiveException;
import com.personalaichatbot.dr.core.internal.archive.Compression;
import com.personalaichatbot.dr.core.internal.compress.Codec;
import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.format.ComponentStatus;
import com.personalaichatbot.dr.core.internal.format.Extension;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord.ComponentRecord;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.read.ContentCheck;
import com.personalaichatbot.dr.core.internal.session.ProgressMeter;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.internal.write.Deadline;
import com.personalaichatbot.dr.core.internal.write.NewSnapshot;
import com.personalaichatbot.dr.core.operation.ExchangeRefusedException;
import com.personalaichatbot.dr.core.operation.ExchangeReport;
import com.personalaichatbot.dr.core.operation.ImportOptions;
import com.personalaichatbot.dr.core.operation.Progress;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a snapshot of what an archive holds. The archive is read once and written nowhere in clear;
 * its files go the way of a backup's, its tree is put together in memory. Only when all of it was
 * read and found whole is the snapshot committed.
 *
 * <p>Imported snapshots are of a host of their own. What comes from an archive, which may be of
 * last year or of another machine, must never be what this host's {@code latest} means.
 */
public final class ImportRun {

  private static final String TAG = "imported";

  private static final Logger log = LoggerFactory.getLogger(ImportRun.class);

  private final Session session;
  private final Path archive;
  private final ImportOptions options;
  private final Instant started;
  private final ProgressMeter progress;
  private final ImportTree tree;
  private final Map<ImportTree.Node, List<String>> templates = new HashMap<>();
  private Optional<String> said = Optional.empty();
  private ArchiveComment comment = ArchiveComment.NONE;
  private boolean isTar;
  private long bytes;

  /** Imports this archive, once. */
  public ImportRun(Session session, Path archive, ImportOptions options) {
    this.session = session;
    this.archive = archive;
    this.options = options;
    this.started = session.clock().instant();
    this.progress = new ProgressMeter(Progress.Phase.BACKING_UP, -1, session.progress());
    this.tree = new ImportTree(options.maxEntries());
  }

  /**
   * Imports the archive; the caller holds the courtesy lock.
   *
   * @throws ExchangeRefusedException if it is no archive, is damaged, or holds what must not be
   *     imported; there is no snapshot
   */
  public ExchangeReport run() throws IOException {
    requireFile();
    ArchiveOrigin origin = ArchiveOrigin.of(archive, options.zone());
    MessageDigest digest = Sha256.newDigest();
    try (InputStream in = Files.newInputStream(archive);
        BufferedInputStream raw = new BufferedInputStream(
            origin.sha256().isPresent() ? new DigestInputStream(in, digest) : in, 1 << 16);
        InputStream plain = compression(raw).reading(raw, options.maxBytes());
        NewSnapshot making = NewSnapshot.begin(session);
        ImportContent content = new ImportContent(making)) {
      read(ArchiveReader.open(plain, origin.created().orElse(started)), content);
      raw.transferTo(OutputStream.nullOutputStream());
      requireChecksum(origin, digest);
      return commit(origin, content.finish(), making);
    } catch (BadArchiveException e) {
      throw new ExchangeRefusedException(
          archive.toString(),
          e.getMessage(),
          "nothing was imported; if the archive is damaged, find an intact copy of it; if it is larger than allowed, raise the limit (ImportOptions)",
          e);
    }
  }

  private void requireFile() throws IOException {
    if (Directories.look(archive).isEmpty()) {
      throw new NoSuchFileException(archive.toString());
    }
    if (!Files.isRegularFile(archive)) {
      throw new ExchangeRefusedException(
          archive.toString(), "it is no file", "name an archive: a .tar.gz or .tar.zst file");
    }
  }

  private Compression compression(BufferedInputStream in) throws IOException {
    Optional<Compression> compression = Compression.of(in);
    if (compression.isEmpty()) {
      throw new ExchangeRefusedException(
          archive.toString(),
          "it is neither compressed by gzip nor by zstd",
          "name an archive: a .tar.gz or .tar.zst file");
    }
    if (compression.get() == Compression.ZSTD && !Codec.zstdAvailable()) {
      throw new ExchangeRefusedException(
          archive.toString(), Codec.zstdProblem(), "compress the archive by gzip instead");
    }
    return compression.get();
  }

  private void read(ArchiveReader reader, ImportContent content) throws IOException {
    isTar = reader.isTar();
    for (ArchiveEntry entry; (entry = reader.next()) != null; ) {
      if (!reader.comment().equals(said)) {
        said = reader.comment();
        comment = ArchiveComment.parse(said.orElseThrow());
      }
      requireAllowed(entry);
      ImportTree.Node node = tree.add(entry);
      if (entry.type() == ArchiveEntry.Type.FILE) {
        boolean secret = isSecret(entry);
        content.store(
            node,
            secret,
            secret && entry.attributes().size() <= EnvTemplate.MAX_BYTES
                ? passing(node, reader)
                : reader::read);
      }
      progress.add(1, entry.attributes().size());
    }
  }

  /** Counts the holes of sparse files, which no byte of the archive stands for. */
  private void requireAllowed(ArchiveEntry entry) throws BadArchiveException {
    bytes += entry.attributes().size();
    if (bytes > options.maxBytes()) {
      throw new BadArchiveException(
          "it holds more than the " + options.maxBytes() + " bytes that are allowed");
    }
  }

  /** The bytes of a small file, which are looked at as they pass; the first read gives all. */
  private ContentCheck.Bytes passing(ImportTree.Node node, ArchiveReader reader) {
    return (buffer, offset, length) -> {
      int count = reader.read(buffer, offset, length);
      if (count > 0) {
        EnvTemplate.keys(Arrays.copyOfRange(buffer, offset, offset + count))
            .ifPresent(keys -> templates.put(node, keys));
      }
      return count;
    };
  }

  /** Whether an entry is part of a secrets component, as far as can be told, or better were. */
  private boolean isSecret(ArchiveEntry entry) {
    String[] elements = RawName.display(entry.path()).split("/");
    for (String element : elements) {
      if (ImportLayout.isSecret(element) || element.equals("secrets")) {
        return true;
      }
    }
    return comment.kinds().get(elements[0]) == Kind.SECRETS;
  }

  private void requireChecksum(ArchiveOrigin origin, MessageDigest digest)
      throws BadArchiveException {
    if (origin.sha256().isPresent()
        && !HexFormat.of().formatHex(digest.digest()).equals(origin.sha256().get())) {
      throw new BadArchiveException("its checksum is not the one that its metadata records");
    }
  }

  /** A journal of somebody's restore in an archive is no data, and nobody may restore it. */
  private static void noteReserved(ImportLayout.Part part, List<String> notes) {
    List<String> skipped = part.node().isReserved()
        ? List.of(part.name())
        : part.node().leaveOutReserved().stream()
            .map(path -> part.name() + "/" + path)
            .toList();
    for (String path : skipped) {
      notes.add("skipped " + path + ": its name is kept for restores");
    }
  }

  private ExchangeReport commit(ArchiveOrigin origin, Dictionary dictionary, NewSnapshot making)
      throws IOException {
    ImportLayout layout = new ImportLayout(
        archive.getFileName().toString(),
        new ImportLayout.Found(isTar, tree.root(), comment, templates),
        origin);
    List<String> notes = new ArrayList<>(layout.notes());
    Optional<Instant> created = layout.created();
    if (created.isPresent() && created.get().isAfter(started)) {
      notes.add("its time lies in the future and is not believed: " + created.get());
      created = Optional.empty();
    }
    Instant taken = created.orElse(started);
    tree.finish(ArchiveEntry.attributes(0700, 0, 0, 0, taken.getEpochSecond(), taken.getNano()));
    List<ComponentRecord> components = new ArrayList<>();
    List<TreeEntry> roots = new ArrayList<>();
    for (ImportLayout.Part part : layout.parts()) {
      noteReserved(part, notes);
      if (part.node().isReserved()) {
        continue;
      }
      byte[] name = part.name().getBytes(StandardCharsets.UTF_8);
      ImportTree.Written written = ImportTree.write(part.node(), name, making.output());
      roots.add(written.entry());
      components.add(new ComponentRecord(
          part.name(),
          part.kind().ordinal(),
          part.kind().criticality().ordinal(),
          new byte[0],
          ComponentStatus.COMPLETE,
          written.files(),
          written.bytes()));
    }
    if (roots.isEmpty()) {
      throw new BadArchiveException("it holds nothing but what restores keep for themselves");
    }
    roots.sort((a, b) -> TreeEntry.compareNames(a.name(), b.name()));
    Instant finished = created.isPresent() ? taken : session.clock().instant();
    Snapshot snapshot = making.commit(
        roots,
        Deadline.NEVER,
        root -> new SnapshotRecord(
            Purpose.MANUAL.ordinal(),
            ComponentStatus.COMPLETE,
            taken,
            finished,
            making.base(),
            Snapshots.IMPORTED,
            root,
            dictionary == null ? null : dictionary.id(),
            null,
            components.stream().mapToLong(ComponentRecord::files).sum(),
            components.stream().mapToLong(ComponentRecord::bytes).sum(),
            List.of(TAG),
            components,
            Extension.NONE));
    if (created.isPresent()) {
      notes.add("the snapshot is dated " + taken + ", and retention counts from then: hold it if it"
          + " is to stay");
    }
    log.info(
        "Import made snapshot {}: {} files, {} bytes",
        snapshot.id().abbreviated(),
        snapshot.files(),
        snapshot.bytes());
    Map<String, SnapshotId> snapshots = new TreeMap<>();
    components.forEach(c -> snapshots.put(c.name(), snapshot.id()));
    return new ExchangeReport(
        snapshots,
        snapshot.files(),
        snapshot.bytes(),
        notes,
        Duration.between(started, session.clock().instant()));
  }
}
