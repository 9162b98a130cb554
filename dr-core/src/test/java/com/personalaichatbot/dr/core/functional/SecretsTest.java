package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.BlobLocation;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.index.Dictionaries;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.opening.RepositoryOpener;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Invariants 11 and 12: a dictionary lies in two packs before it is needed; it knows nothing of a
 * secrets component, and is not used for one.
 */
class SecretsTest {
  private static final String SECRET = "geheimnis";

  @TempDir
  private Path temp;

  @Test
  void backUp_secretsBesideConversations_noDictionaryHasToDoWithThem() throws IOException {
    Path conversations = temp.resolve("conversations");
    Path secrets = Files.createDirectory(temp.resolve("secrets"));
    Trees.scatter(conversations, 400, 1);
    Random random = new Random(2);
    for (int i = 0; i < 400; i++) {
      String text = Trees.text(random, 500) + SECRET;
      Files.writeString(secrets.resolve("key" + i), text.repeat(2));
    }
    MemoryStorage storage = new MemoryStorage();
    try (RootKey root = TestKeys.root();
        BackupRepository repository = BackupRepository.builder(storage).create(root)) {
      assertThat(repository.backUp(
              List.of(
                  Component.directory("secrets", Kind.SECRETS, secrets),
                  Component.directory("conversations", Kind.CONVERSATIONS, conversations)),
              BackupOptions.of(Purpose.MANUAL)))
          .isComplete();
      look(storage.crash(), root);
    }
  }

  private static void look(MemoryStorage storage, RootKey root) throws IOException {
    RepositoryOpener.Opened opened =
        new RepositoryOpener(storage, new SecureRandom(), Clock.systemUTC()).open(root);
    try (RepositoryKeys keys = opened.keys();
        Dictionaries dictionaries = new Dictionaries()) {
      Seals seals = new Seals(opened.format().repositoryId(), keys, new SecureRandom());
      SnapshotRecord snapshot = new Catalog(storage, seals, seals.newBytes16())
          .read()
          .snapshots()
          .get(0)
          .snapshot();
      BlobIndex index = new IndexLoader(storage, seals).load(Set.of()).index();
      try (BlobReader blobs = new BlobReader(storage, seals, index, dictionaries)) {
        assertThat(places(snapshot, "conversations", blobs, index))
            .isNotEmpty()
            .anyMatch(place -> place.dictionary() != null);
        assertThat(places(snapshot, "secrets", blobs, index))
            .hasSize(400)
            .allMatch(place -> place.dictionary() == null);
        assertThat(index.places(snapshot.dictionary()))
            .as("the dictionary before the first snapshot that needs it")
            .extracting(BlobLocation::pack)
            .doesNotHaveDuplicates()
            .hasSize(2);
        byte[] dictionary = blobs.read(snapshot.dictionary(), BlobType.DICTIONARY);
        assertThat(new String(dictionary, StandardCharsets.ISO_8859_1)).doesNotContain(SECRET);
      }
    }
  }

  private static List<BlobLocation> places(
      SnapshotRecord snapshot, String component, BlobReader blobs, BlobIndex index)
      throws IOException {
    TreeReader trees = new TreeReader(blobs);
    byte[] name = component.getBytes(StandardCharsets.UTF_8);
    List<BlobLocation> places = new ArrayList<>();
    addPlaces(trees.find(snapshot.root(), name).orElseThrow(), trees, index, places);
    return places;
  }

  private static void addPlaces(
      TreeEntry directory, TreeReader trees, BlobIndex index, List<BlobLocation> places)
      throws IOException {
    TreeReader.Cursor cursor = trees.open(directory.directory());
    for (TreeEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      if (entry.directory() != null) {
        addPlaces(entry, trees, index, places);
      } else {
        trees.extents(entry).forEach(extent -> places.addAll(index.places(extent.blob())));
      }
    }
  }
}
