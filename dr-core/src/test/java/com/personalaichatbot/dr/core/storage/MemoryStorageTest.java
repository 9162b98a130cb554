package com.personalaichatbot.dr.core.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.personalaichatbot.dr.core.testkit.StorageContract;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryStorageTest extends StorageContract {

  @Override
  protected Storage newStorage() {
    return new MemoryStorage();
  }

  @Override
  protected Storage reopen(Storage closed) {
    return ((MemoryStorage) closed).crash();
  }

  @Test
  void crash_unsyncedNames_areForgotten() throws IOException {
    MemoryStorage storage = new MemoryStorage();
    put(storage, "packs/0a/synced", 1);
    storage.sync("packs");
    put(storage, "packs/0a/unsynced", 1);
    put(storage, "FORMAT", 1);
    storage.sync("catalog");

    assertThat(names(storage.crash())).containsExactly("packs/0a/synced");
    assertThat(names(storage)).as("the storage itself stays as it is").hasSize(3);
  }

  @Test
  void crash_unsyncedDeletion_comesBack() throws IOException {
    MemoryStorage storage = new MemoryStorage();
    put(storage, "catalog/1", 7);
    storage.sync("catalog");
    storage.delete("catalog/1");

    assertThat(storage.crash().list("")).containsExactly(new StoredFile("catalog/1", 7));
    assertThat(names(storage.crash(name -> true))).isEmpty();

    storage.sync("catalog");
    assertThat(names(storage.crash())).isEmpty();
  }

  @Test
  void crash_partReached_keepsThosePartsWhole() throws IOException {
    MemoryStorage storage = new MemoryStorage();
    put(storage, "a", 10);
    put(storage, "b", 10);

    MemoryStorage survivor = storage.crash(name -> name.equals("b"));

    assertThat(survivor.list("")).containsExactly(new StoredFile("b", 10));
    assertThat(names(survivor.crash())).as("what survived is durable").containsExactly("b");
  }

  @Test
  void crash_temporaryThatReachedTheDisk_isTorn() throws IOException {
    MemoryStorage storage = new MemoryStorage();
    try (StorageWriter writer = storage.create()) {
      writer.write(new byte[11], 0, 11);

      List<StoredFile> left = storage.crash(name -> true).list("");

      assertThat(left).singleElement().satisfies(file -> {
        assertThat(file.name()).matches("tmp/[0-9a-f]{32}");
        assertThat(file.length()).isEqualTo(5);
      });
      assertThat(storage.crash().list("")).isEmpty();
    }
  }

  @Test
  void commit_temporarySwept_fails() throws IOException {
    MemoryStorage storage = new MemoryStorage();
    try (StorageWriter writer = storage.create()) {
      storage.delete(names(storage).get(0));

      assertThatIOException().isThrownBy(() -> writer.commit("a"));
    }
    assertThat(names(storage)).isEmpty();
  }

  private static void put(Storage storage, String name, int length) throws IOException {
    try (StorageWriter writer = storage.create()) {
      writer.write(new byte[length], 0, length);
      writer.commit(name);
    }
  }

  private static List<String> names(Storage storage) throws IOException {
    return storage.list("").stream().map(StoredFile::name).toList();
  }
}
