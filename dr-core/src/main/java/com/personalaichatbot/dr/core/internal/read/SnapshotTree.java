package com.personalaichatbot.dr.core.internal.read;

import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** Finds entries of a snapshot by the paths that listings show. Not thread-safe. */
public final class SnapshotTree {
  private final CatalogEntry snapshot;
  private final TreeReader tree;

  public SnapshotTree(CatalogEntry snapshot, TreeReader tree) {
    this.snapshot = snapshot;
    this.tree = tree;
  }

  public TreeReader reader() {
    return tree;
  }

  /** The components. */
  public TreeReader.Cursor components() throws IOException {
    return tree.open(snapshot.snapshot().root());
  }

  /**
   * The entry at a path; links are not followed.
   *
   * @param place NAME/rest, raw bytes
   * @throws SnapshotNotFoundException if none exists
   */
  public TreeEntry find(byte[] place) throws IOException {
    TreeEntry found = null;
    int from = 0;
    for (int i = 0; i <= place.length; i++) {
      if (i < place.length && place[i] != '/') {
        continue;
      }
      if (from < i) {
        found = child(found, from == 0, Arrays.copyOfRange(place, from, i))
            .orElseThrow(() -> missing(place));
      }
      from = i + 1;
    }
    if (found == null) {
      throw missing(place);
    }
    return found;
  }

  private Optional<TreeEntry> child(TreeEntry parent, boolean component, byte[] name)
      throws IOException {
    if (component) {
      return tree.find(snapshot.snapshot().root(), name);
    }
    return parent != null && parent.type() == EntryType.DIRECTORY
        ? tree.find(parent.directory(), name)
        : Optional.empty();
  }

  private SnapshotNotFoundException missing(byte[] place) {
    SnapshotId id = Snapshots.id(snapshot.id());
    return new SnapshotNotFoundException(
        "path " + RawName.display(place),
        "snapshot " + id + " does not hold it",
        "list what it holds: dr ls " + id);
  }

  /** A path with one more element. */
  public static byte[] join(byte[] directory, byte[] name) {
    if (directory.length == 0) {
      return name;
    }
    byte[] place = Arrays.copyOf(directory, directory.length + 1 + name.length);
    place[directory.length] = '/';
    System.arraycopy(name, 0, place, directory.length + 1, name.length);
    return place;
  }

  /** A path as people give it, without slashes at its ends. */
  public static byte[] place(String path) {
    byte[] raw = RawName.parse(path);
    int from = 0;
    int to = raw.length;
    while (from < to && raw[from] == '/') {
      from++;
    }
    while (to > from && raw[to - 1] == '/') {
      to--;
    }
    return Arrays.copyOfRange(raw, from, to);
  }
}
