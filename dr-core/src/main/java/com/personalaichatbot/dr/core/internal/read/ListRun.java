package com.personalaichatbot.dr.core.internal.read;

import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.operation.ListedEntry;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lists what a snapshot holds: an entry and all that is below it, each directory before its own.
 */
public final class ListRun {
  private final Session session;

  /** Lists snapshots of this repository. */
  public ListRun(Session session) {
    this.session = session;
  }

  /**
   * Lists a part of a snapshot.
   *
   * @param path NAME/rest as listings show it; empty for all components
   * @param entries takes the entries in order, in the caller's thread
   * @throws com.personalaichatbot.dr.core.operation.SnapshotNotFoundException if there is no such
   *     snapshot, or nothing at the path
   * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if a listing is
   *     damaged; what comes before it was listed
   */
  public void list(SnapshotId snapshot, String path, Consumer<ListedEntry> entries)
      throws IOException {
    try (SnapshotSource source = SnapshotSource.open(session)) {
      BlobReader blobs = source.readers().take();
      try {
        SnapshotTree tree =
            new SnapshotTree(source.choice().entry(snapshot), new TreeReader(blobs));
        byte[] place = SnapshotTree.place(path);
        if (place.length == 0) {
          below(tree.reader(), place, tree.components(), entries);
        } else {
          entry(tree.reader(), place, tree.find(place), entries);
        }
      } finally {
        source.readers().giveBack(blobs);
      }
    }
  }

  private static void below(
      TreeReader tree, byte[] place, TreeReader.Cursor cursor, Consumer<ListedEntry> entries)
      throws IOException {
    for (TreeEntry entry; (entry = cursor.next()) != null; ) {
      entry(tree, SnapshotTree.join(place, entry.name()), entry, entries);
    }
  }

  private static void entry(
      TreeReader tree, byte[] place, TreeEntry entry, Consumer<ListedEntry> entries)
      throws IOException {
    entries.accept(new ListedEntry(
        RawName.display(place),
        ListedEntry.Type.valueOf(entry.type().name()),
        entry.attributes().mode(),
        entry.attributes().size(),
        entry.attributes().modified(),
        Optional.ofNullable(entry.linkTarget()).map(RawName::display)));
    if (entry.type() == EntryType.DIRECTORY) {
      below(tree, place, tree.open(entry.directory()), entries);
    }
  }
}
