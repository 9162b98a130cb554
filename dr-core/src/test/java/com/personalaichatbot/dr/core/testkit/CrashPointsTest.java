package com.personalaichatbot.dr.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A commit in the order of the format, and with planted faults in that order. */
class CrashPointsTest {

  @Test
  void check_commitInOrder_holdsAtEveryPoint() {
    Set<String> seen = new TreeSet<>();

    int checked = CrashPoints.of(storage -> commit(storage, true, true))
        .check((survivor, point) -> {
          seen.add(point.before() + (point.acknowledged() ? " acknowledged" : ""));
          assertSound(survivor, point);
        });

    assertThat(checked).isEqualTo(7 * 5);
    assertThat(seen)
        .containsExactly(
            "COMMIT catalog/1",
            "COMMIT packs/0a/one",
            "CREATE",
            "SYNC catalog",
            "SYNC packs",
            "end acknowledged");
  }

  @Test
  void check_packsNotSynced_findsTheEntryWithoutItsPack() {
    assertThatThrownBy(() -> CrashPoints.of(storage -> commit(storage, false, true))
            .check(CrashPointsTest::assertSound))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("part kept")
        .hasMessageContaining("entry without its pack");
  }

  @Test
  void check_catalogNotSynced_findsTheAcknowledgedEntryLost() {
    assertThatThrownBy(() -> CrashPoints.of(storage -> commit(storage, true, false))
            .check(CrashPointsTest::assertSound))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("before end, lost")
        .hasMessageContaining("acknowledged entry");
  }

  @Test
  void check_failureWithoutPowerCut_isReported() {
    assertThatThrownBy(() ->
            CrashPoints.of(storage -> storage.length("absent")).check((survivor, point) -> {}))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("although the power did not");
  }

  @Test
  void startingFrom_preparedStorage_isThereEachTimeAndNotChanged() throws IOException {
    MemoryStorage prepared = new MemoryStorage();
    commit(prepared, true, true);

    CrashPoints.of(storage -> storage.delete("packs/0a/one"))
        .startingFrom(prepared)
        .check((survivor, point) -> assertThat(names(survivor)).contains("catalog/1"));

    assertThat(names(prepared)).containsExactly("catalog/1", "packs/0a/one");
  }

  @Test
  void powerCut_temporaryBeingWritten_isTornAndNothingWorksAnyMore() {
    List<Long> torn = new ArrayList<>();
    List<Class<?>> afterwards = new ArrayList<>();

    CrashPoints.of(storage -> {
          try {
            put(storage, "packs/0a/one");
          } catch (IOException e) {
            try {
              storage.list("");
            } catch (IOException second) {
              afterwards.add(second.getClass());
            }
            throw e;
          }
        })
        .check((survivor, point) -> {
          if (point.before().startsWith("COMMIT") && point.loss().equals("all kept")) {
            survivor.list("tmp").forEach(file -> torn.add(file.length()));
          }
        });

    assertThat(torn).containsExactly(5L);
    assertThat(afterwards).containsOnly(CrashPoints.PowerCut.class).hasSize(2);
  }

  private static void commit(Storage storage, boolean syncPacks, boolean syncCatalog)
      throws IOException {
    put(storage, "packs/0a/one");
    if (syncPacks) {
      storage.sync("packs");
    }
    put(storage, "catalog/1");
    if (syncCatalog) {
      storage.sync("catalog");
    }
  }

  private static void assertSound(MemoryStorage survivor, CrashPoints.Point point)
      throws IOException {
    Set<String> names = names(survivor);
    assertThat(names.contains("packs/0a/one") || !names.contains("catalog/1"))
        .as("an entry without its pack")
        .isTrue();
    assertThat(names.contains("catalog/1") || !point.acknowledged())
        .as("the acknowledged entry")
        .isTrue();
  }

  private static void put(Storage storage, String name) throws IOException {
    try (StorageWriter writer = storage.create()) {
      writer.write(new byte[10], 0, 10);
      writer.commit(name);
    }
  }

  private static Set<String> names(Storage storage) throws IOException {
    return storage.list("").stream()
        .map(StoredFile::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
