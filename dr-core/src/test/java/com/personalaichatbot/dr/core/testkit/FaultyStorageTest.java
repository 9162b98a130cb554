package com.personalaichatbot.dr.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import org.junit.jupiter.api.Test;

class FaultyStorageTest extends StorageContract {

  private final MemoryStorage memory = new MemoryStorage();
  private final FaultyStorage storage = FaultyStorage.over(memory);

  @Override
  protected Storage newStorage() {
    return storage;
  }

  @Override
  protected Storage reopen(Storage closed) {
    return FaultyStorage.over(memory.crash());
  }

  @Test
  void fault_notReached_hasNotFired() throws IOException {
    Fault fault = storage.fail(StorageCall.COMMIT).of("catalog");

    put("packs/0a/one");
    put("catalog-x");

    assertThat(fault.fired()).isFalse();
    assertThat(storage.calls(StorageCall.COMMIT)).isEqualTo(2);
    assertThat(storage.calls(StorageCall.DISCARD)).isZero();
  }

  @Test
  void fail_afterSomeCallsOnce_strikesThatCallOnly() throws IOException {
    Fault fault = storage
        .fail(StorageCall.COMMIT)
        .of("packs")
        .after(1)
        .once()
        .with(() -> new IOException("no answer"));
    put("packs/0a/one");
    put("index/1");

    assertThatIOException().isThrownBy(() -> put("packs/0a/two")).withMessage("no answer");

    put("packs/0a/three");
    assertThat(fault.count()).isEqualTo(1);
    assertThat(memory.list("")).hasSize(3);
  }

  @Test
  void fail_forEver_strikesUntilHealed() throws IOException {
    Fault fault = storage.fail(StorageCall.SYNC);

    assertThatIOException().isThrownBy(() -> storage.sync(""));
    assertThatIOException().isThrownBy(() -> storage.sync(""));
    storage.heal();
    storage.sync("");

    assertThat(fault.count()).isEqualTo(2);
  }

  @Test
  void afterEffect_commit_isThereAndReportsFailure() throws IOException {
    Fault lost = storage.fail(StorageCall.COMMIT).once().afterEffect();

    assertThatIOException().isThrownBy(() -> put("catalog/1"));

    assertThat(lost.fired()).isTrue();
    assertThat(storage.length("catalog/1")).isEqualTo(4);
    assertThatThrownBy(() -> put("catalog/1")).isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void meanwhile_anotherWriter_comesFirst() throws IOException {
    Fault race =
        storage.fail(StorageCall.COMMIT).of("catalog/1").once().meanwhile(() -> put("catalog/1"));

    assertThatThrownBy(() -> put("catalog/1")).isInstanceOf(FileAlreadyExistsException.class);

    assertThat(race.fired()).isTrue();
  }

  @Test
  void fullAfter_writeThatDoesNotFit_failsAndLeavesNoTemporary() throws IOException {
    Fault full = storage.fullAfter(10);
    put("a");
    put("b");

    assertThatIOException().isThrownBy(() -> put("c")).withMessageContaining("No space left");
    assertThatIOException().isThrownBy(() -> put("d"));

    assertThat(full.count()).isEqualTo(2);
    assertThat(memory.list("")).extracting(StoredFile::name).containsExactly("a", "b");
  }

  @Test
  void failListAfter_longListing_failsAndShortOneDoesNot() throws IOException {
    put("packs/0a/one");
    put("catalog/1");
    Fault broken = storage.failListAfter(1);

    assertThat(storage.list("catalog")).hasSize(1);
    assertThatIOException().isThrownBy(() -> storage.list(""));

    assertThat(broken.count()).isEqualTo(1);
  }

  @Test
  void flip_byteInRange_readsWrongAndOthersRight() throws IOException {
    put("a");
    Fault flip = storage.flip("a", 2);
    byte[] buffer = new byte[6];

    storage.read("a", 0, buffer, 1, 2);
    assertThat(flip.fired()).isFalse();
    storage.read("a", 1, buffer, 1, 3);

    assertThat(flip.fired()).isTrue();
    assertThat(buffer).containsExactly(0, 2, 2, 4, 0, 0);
  }

  @Test
  void makeReadOnly_writing_failsAndReadingWorks() throws IOException {
    put("a");
    storage.makeReadOnly();

    assertThat(storage.isWritable()).isFalse();
    assertThatIOException().isThrownBy(storage::create);
    assertThatIOException().isThrownBy(() -> storage.delete("a"));
    assertThatIOException().isThrownBy(() -> storage.tryLock(true));
    assertThat(storage.tryLock(false)).isPresent();
    assertThat(storage.length("a")).isEqualTo(4);
  }

  private void put(String name) throws IOException {
    try (StorageWriter writer = storage.create()) {
      writer.write(new byte[] {1, 2, 3, 4}, 0, 4);
      writer.commit(name);
    }
  }
}
