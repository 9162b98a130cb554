package com.personalaichatbot.dr.core.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Capture;
import com.personalaichatbot.dr.core.internal.format.Content;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.format.TreeNode;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.IdHasher;
import com.personalaichatbot.dr.crypto.KeyedId;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TreeWriterTest {
  private static final int LARGE = 20_000;

  @AutoClose
  private RepositoryKeys keys;

  private TreeWriter writer;
  private final Map<KeyedId, byte[]> nodes = new HashMap<>();

  @BeforeEach
  void deriveKeys() {
    try (RootKey root = TestKeys.root()) {
      keys = root.derive(new byte[16], 1, 1);
      writer = new TreeWriter(keys.newNameHasher());
    }
  }

  private static TreeEntry entry(String name, int mode) {
    Attributes attributes = new Attributes(mode, 0, 0, 0, 1, 2, 3, 4, 5, 6, 1);
    return TreeEntry.file(
        name.getBytes(StandardCharsets.UTF_8), attributes, Capture.CLEAN, Content.EMPTY);
  }

  private static List<TreeEntry> entries(int count) {
    List<TreeEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(entry("file-" + i, 0644));
    }
    entries.sort((a, b) -> TreeEntry.compareNames(a.name(), b.name()));
    return entries;
  }

  private KeyedId write(List<TreeEntry> entries) throws IOException {
    IdHasher ids = keys.newIdHasher();
    return writer.write(entries, node -> {
      KeyedId id = ids.id(BlobType.TREE.code(), node);
      nodes.put(id, node);
      return id;
    });
  }

  private Set<KeyedId> reachable(KeyedId root) throws Exception {
    Set<KeyedId> found = new HashSet<>(Set.of(root));
    for (TreeNode.Child child : TreeNode.decode(nodes.get(root)).children()) {
      found.addAll(reachable(child.node()));
    }
    return found;
  }

  private void collect(KeyedId root, List<String> names) throws Exception {
    TreeNode node = TreeNode.decode(nodes.get(root));
    for (TreeEntry entry : node.entries()) {
      names.add(new String(entry.name(), StandardCharsets.UTF_8));
    }
    for (TreeNode.Child child : node.children()) {
      assertThat(TreeNode.decode(nodes.get(child.node())).level()).isEqualTo(node.level() - 1);
      collect(child.node(), names);
    }
  }

  @Test
  void write_noEntries_noNode() throws IOException {
    assertThat(write(List.of())).isNull();
    assertThat(nodes).isEmpty();
  }

  @Test
  void write_anyNumber_allEntriesInOrderOnce() throws Exception {
    for (int count : List.of(1, 2, 15, 16, 17, 255, 1000, LARGE)) {
      List<TreeEntry> entries = entries(count);
      List<String> names = new ArrayList<>();
      collect(write(entries), names);
      assertThat(names)
          .containsExactlyElementsOf(entries.stream()
              .map(e -> new String(e.name(), StandardCharsets.UTF_8))
              .toList());
    }
  }

  /** Invariant 14: the shape is a function of the names, whatever came and went before. */
  @Test
  void write_sameEntriesAfterOthersCameAndWent_sameRoot() throws IOException {
    List<TreeEntry> wanted = entries(2000);
    KeyedId root = write(wanted);
    Random random = new Random(1);
    List<TreeEntry> arriving = new ArrayList<>(wanted);
    Collections.shuffle(arriving, random);
    List<TreeEntry> present = new ArrayList<>();
    for (int i = 0; i < arriving.size(); i++) {
      present.add(arriving.get(i));
      if (i % 250 == 0) {
        present.add(entry("stranger-" + i, 0600));
        present.sort((a, b) -> TreeEntry.compareNames(a.name(), b.name()));
        assertThat(write(present)).isNotEqualTo(root);
      }
    }
    present.removeIf(e -> new String(e.name(), StandardCharsets.UTF_8).startsWith("stranger"));
    present.sort((a, b) -> TreeEntry.compareNames(a.name(), b.name()));
    assertThat(write(present)).isEqualTo(root);
  }

  @Test
  void write_otherTreeKey_otherShape() throws Exception {
    List<TreeEntry> entries = entries(1000);
    Set<KeyedId> own = reachable(write(entries));
    List<Integer> ownSizes = sizes(own);
    keys.close();
    try (RootKey other = TestKeys.root(2)) {
      keys = other.derive(new byte[16], 1, 1);
      writer = new TreeWriter(keys.newNameHasher());
    }
    assertThat(sizes(reachable(write(entries)))).isNotEqualTo(ownSizes);
  }

  private List<Integer> sizes(Set<KeyedId> ids) {
    return ids.stream().map(id -> nodes.get(id).length).sorted().toList();
  }

  @Test
  void write_oneChangeAmongMany_rewritesOnePath() throws Exception {
    List<TreeEntry> entries = entries(LARGE);
    Set<KeyedId> before = reachable(write(entries));
    long whole = before.stream().mapToLong(id -> nodes.get(id).length).sum();
    Random random = new Random(2);
    for (int trial = 0; trial < 20; trial++) {
      List<TreeEntry> changed = new ArrayList<>(entries);
      int at = random.nextInt(LARGE);
      switch (trial % 3) {
        case 0 -> changed.set(at, entry("file-" + number(entries.get(at)), 0600));
        case 1 -> changed.remove(at);
        default -> {
          changed.add(entry("file-" + number(entries.get(at)) + "-new", 0644));
          changed.sort((a, b) -> TreeEntry.compareNames(a.name(), b.name()));
        }
      }
      Set<KeyedId> added = new HashSet<>(reachable(write(changed)));
      added.removeAll(before);
      // Four levels of sixteen for 20,000 entries; a removed or added name may cut or join two.
      assertThat(added).as("trial " + trial).hasSizeBetween(1, 10);
      long bytes = added.stream().mapToLong(id -> nodes.get(id).length).sum();
      assertThat(bytes).isLessThan(whole / 50);
    }
  }

  private static String number(TreeEntry entry) {
    return new String(entry.name(), StandardCharsets.UTF_8).substring("file-".length());
  }

  @Test
  void write_manyEntries_nodesAreOfAboutSixteen() throws Exception {
    Set<KeyedId> all = reachable(write(entries(LARGE)));
    int leaves = 0;
    int largest = 0;
    for (KeyedId id : all) {
      TreeNode node = TreeNode.decode(nodes.get(id));
      if (node.level() == 1) {
        leaves++;
      }
      largest = Math.max(largest, node.entries().size() + node.children().size());
    }
    assertThat(leaves).isBetween(LARGE / 20, LARGE / 13);
    assertThat(largest).isLessThan(16 * 20);
  }
}
