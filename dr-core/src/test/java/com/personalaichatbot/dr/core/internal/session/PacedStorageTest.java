package com.personalaichatbot.dr.core.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.testkit.StorageContract;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacedStorageTest extends StorageContract {
  private static final Optional<Throttle> FAST =
      Optional.of(new Throttle(Long.MAX_VALUE, System::nanoTime));

  private final Map<Storage, MemoryStorage> memories = new IdentityHashMap<>();

  @Override
  protected Storage newStorage() {
    return paced(new MemoryStorage());
  }

  @Override
  protected Storage reopen(Storage closed) {
    return paced(memories.get(closed).crash());
  }

  private Storage paced(MemoryStorage memory) {
    Storage storage = new PacedStorage(memory, new Pace(FAST));
    memories.put(storage, memory);
    return storage;
  }

  @Test
  void readAndWrite_bytes_areClaimedOnceEach() throws IOException {
    AtomicLong now = new AtomicLong();
    Throttle throttle = new Throttle(1_000_000_000, now::get);
    Storage storage = new PacedStorage(new MemoryStorage(), new Pace(Optional.of(throttle)));
    try (StorageWriter writer = storage.create()) {
      writer.write(new byte[3_000], 0, 2_000);
      writer.commit("packs/a");
    }
    storage.read("packs/a", 0, new byte[2_000], 0, 1_500);
    assertThat(throttle.claim(100_000_000)).as("nanoseconds, one a byte").isEqualTo(3_500);
  }
}
