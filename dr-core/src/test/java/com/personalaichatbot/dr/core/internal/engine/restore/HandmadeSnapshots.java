package com.personalaichatbot.dr.core.internal.engine.restore;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.compress.Codec;
import com.personalaichatbot.dr.core.internal.engine.restore.plan.RestorePlanner;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.Capture;
import com.personalaichatbot.dr.core.internal.format.ComponentStatus;
import com.personalaichatbot.dr.core.internal.format.Content;
import com.personalaichatbot.dr.core.internal.format.Extension;
import com.personalaichatbot.dr.core.internal.format.PackKind;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.format.TreeNode;
import com.personalaichatbot.dr.core.internal.index.Dictionaries;
import com.personalaichatbot.dr.core.internal.opening.RepositoryOpener;
import com.personalaichatbot.dr.core.internal.pack.PackWriter;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.internal.session.ClientState;
import com.personalaichatbot.dr.core.internal.session.Pace;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.internal.session.Workers;
import com.personalaichatbot.dr.core.internal.store.StateDirectory;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.KeyedId;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A repository in which a test writes snapshots node by node, also such as no backup would write.
 */
public final class HandmadeSnapshots implements Closeable {
  public static final Attributes PLAIN = new Attributes(0644, 0, 0, 0, 1_000_000, 5, 0, 0, 0, 0, 1);

  public final MemoryStorage storage = new MemoryStorage();
  public final Session session;
  private final RootKey root = TestKeys.root();
  private final RepositoryOpener.Opened opened;
  private final PackWriter trees;
  private final PackWriter data;

  public HandmadeSnapshots() throws IOException {
    SecureRandom random = new SecureRandom();
    opened = new RepositoryOpener(storage, random, Clock.systemUTC()).create(root);
    Seals seals = new Seals(opened.format().repositoryId(), opened.keys(), random);
    session = new Session(
        storage,
        opened.format(),
        opened.keys(),
        seals,
        new Catalog(storage, seals, seals.newBytes16()),
        new Dictionaries(),
        new ClientState(StateDirectory.inMemory(), StateDirectory.inMemory(), seals, opened.keys()),
        new Workers(Runnable::run, 1),
        new Pace(Optional.empty()),
        Clock.systemUTC(),
        FileSystems.getDefault(),
        "host",
        progress -> {});
    trees = new PackWriter(seals, PackKind.TREE, 1 << 20, 1000);
    data = new PackWriter(seals, PackKind.DATA, 1 << 20, 1000);
  }

  public static byte[] name(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private static KeyedId add(PackWriter pack, Session session, BlobType type, byte[] bytes) {
    KeyedId id = session.seals().newIdHasher().id(type.code(), bytes);
    pack.add(type, id, bytes, 0, bytes.length, bytes.length, Codec.NONE.code(), null);
    return id;
  }

  public TreeEntry file(String name, String content) {
    return file(name(name), content);
  }

  public TreeEntry file(byte[] name, String content) {
    byte[] bytes = name(content);
    return TreeEntry.file(
        name,
        withSize(PLAIN, bytes.length),
        Capture.CLEAN,
        Content.single(add(data, session, BlobType.DATA, bytes), bytes.length));
  }

  /** A file whose entry names a blob that nobody stored. */
  public TreeEntry lostFile(String name) {
    KeyedId nowhere = session.seals().newIdHasher().id(BlobType.DATA.code(), name("lost " + name));
    return TreeEntry.file(
        name(name), withSize(PLAIN, 10), Capture.CLEAN, Content.single(nowhere, 10));
  }

  public static Attributes withSize(Attributes a, long size) {
    return new Attributes(
        a.mode(), a.uid(), a.gid(), size, a.mtimeSeconds(), a.mtimeNanos(), 0, 0, 0, 0, 1);
  }

  /** A directory whose only leaf holds exactly these entries, in this order. */
  public TreeEntry directory(String name, TreeEntry... entries) {
    KeyedId leaf = entries.length == 0
        ? null
        : add(trees, session, BlobType.TREE, TreeNode.encodeLeaf(List.of(entries)));
    return TreeEntry.directory(
        name(name), new Attributes(0755, 0, 0, 0, 1_000_000, 0, 0, 0, 0, 0, 1), leaf);
  }

  /** Commits a snapshot of one component. */
  public SnapshotId commit(TreeEntry component) throws IOException {
    KeyedId top = add(trees, session, BlobType.TREE, TreeNode.encodeLeaf(List.of(component)));
    trees.finish(storage);
    if (!data.isEmpty()) {
      data.finish(storage);
    }
    storage.sync("packs");
    History history = session.catalog().read();
    SnapshotRecord record = new SnapshotRecord(
        Purpose.MANUAL.ordinal(),
        ComponentStatus.COMPLETE,
        Instant.EPOCH,
        Instant.EPOCH,
        history.headPosition(),
        "host",
        top,
        null,
        null,
        1,
        1,
        List.of(),
        List.of(new SnapshotRecord.ComponentRecord(
            new String(component.name(), StandardCharsets.UTF_8),
            0,
            0,
            name("/nowhere"),
            ComponentStatus.COMPLETE,
            1,
            1)),
        Extension.NONE);
    Bytes16 id = session.seals().newBytes16();
    session
        .catalog()
        .commit(history, history.headPosition(), id, record.encodeA(), record.encodeB());
    return Snapshots.id(id);
  }

  public RestoreReport restore(RestoreRequest request) throws IOException {
    RestorePlan plan = new RestorePlanner(session).plan(request);
    RestoreRun.SafetySnapshot none = components -> {
      throw new IOException("nothing is backed up here");
    };
    return new RestoreRun(session, plan, List.of(), none).run();
  }

  @Override
  public void close() throws IOException {
    opened.keys().close();
    root.close();
    storage.close();
  }
}
