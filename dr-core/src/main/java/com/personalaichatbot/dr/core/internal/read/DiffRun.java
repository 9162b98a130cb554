package com.personalaichatbot.dr.core.internal.read;

import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.operation.DiffReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares two snapshots. Files and links count, as everywhere; of directories only empty ones that
 * came or went, for nothing else shows them. Directories with the same root node are the same and
 * are not read.
 */
public final class DiffRun {
  private final Session session;
  private final List<String> added = new ArrayList<>();
  private final List<String> removed = new ArrayList<>();
  private final List<String> changed = new ArrayList<>();
  private TreeReader tree;

  /** Compares snapshots of this repository. */
  public DiffRun(Session session) {
    this.session = session;
  }

  /**
   * Compares the second snapshot with the first.
   *
   * @throws com.personalaichatbot.dr.core.operation.SnapshotNotFoundException if there is no such
   *     snapshot
   * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if a listing is
   *     damaged
   */
  public DiffReport run(Selector first, Selector second) throws IOException {
    try (SnapshotSource source = SnapshotSource.open(session)) {
      BlobReader reader = source.readers().take();
      try {
        tree = new TreeReader(reader);
        compare(components(source.choice(), first), components(source.choice(), second));
      } finally {
        source.readers().giveBack(reader);
      }
    }
    for (List<String> paths : List.of(added, removed, changed)) {
      Collections.sort(paths);
    }
    return new DiffReport(added, removed, changed);
  }

  /** The entry of each component that a selector means, by the component's name. */
  private Map<String, TreeEntry> components(SnapshotChoice choice, Selector selector)
      throws IOException {
    Map<String, TreeEntry> components = new HashMap<>();
    Map<String, SnapshotId> chosen = choice.resolve(RestoreRequest.inPlace(selector), note -> {});
    for (Map.Entry<String, SnapshotId> one : chosen.entrySet()) {
      SnapshotTree snapshot = new SnapshotTree(choice.entry(one.getValue()), tree);
      byte[] name = one.getKey().getBytes(StandardCharsets.UTF_8);
      components.put(one.getKey(), snapshot.find(name));
    }
    return components;
  }

  private void compare(Map<String, TreeEntry> first, Map<String, TreeEntry> second)
      throws IOException {
    Set<String> names = new TreeSet<>(first.keySet());
    names.addAll(second.keySet());
    for (String name : names) {
      byte[] place = name.getBytes(StandardCharsets.UTF_8);
      TreeEntry a = first.get(name);
      TreeEntry b = second.get(name);
      if (a != null && b != null) {
        compare(place, a, b);
      } else {
        all(place, a == null ? b : a, a == null ? added : removed);
      }
    }
  }

  private void compare(byte[] place, TreeReader.Cursor left, TreeReader.Cursor right)
      throws IOException {
    TreeEntry a = left.next();
    TreeEntry b = right.next();
    while (a != null || b != null) {
      int order = a == null ? 1 : b == null ? -1 : TreeEntry.compareNames(a.name(), b.name());
      if (order < 0) {
        all(SnapshotTree.join(place, a.name()), a, removed);
      } else if (order > 0) {
        all(SnapshotTree.join(place, b.name()), b, added);
      } else {
        compare(SnapshotTree.join(place, a.name()), a, b);
      }
      a = order <= 0 ? left.next() : a;
      b = order >= 0 ? right.next() : b;
    }
  }

  private void compare(byte[] place, TreeEntry a, TreeEntry b) throws IOException {
    boolean directories = a.type() == EntryType.DIRECTORY && b.type() == EntryType.DIRECTORY;
    if (directories) {
      if (!Objects.equals(a.directory(), b.directory())) {
        compare(place, tree.open(a.directory()), tree.open(b.directory()));
      }
    } else if (a.type() == EntryType.DIRECTORY || b.type() == EntryType.DIRECTORY) {
      all(place, a, removed);
      all(place, b, added);
    } else if (a.type() != b.type()
        || !a.content().equals(b.content())
        || !Arrays.equals(a.linkTarget(), b.linkTarget())
        || !a.attributes().sameMetadata(b.attributes())) {
      changed.add(RawName.display(place));
    }
  }

  private void all(byte[] place, TreeEntry entry, List<String> paths) throws IOException {
    if (entry.type() != EntryType.DIRECTORY || entry.directory() == null) {
      paths.add(RawName.display(place));
      return;
    }
    TreeReader.Cursor cursor = tree.open(entry.directory());
    for (TreeEntry child; (child = cursor.next()) != null; ) {
      all(SnapshotTree.join(place, child.name()), child, paths);
    }
  }
}
