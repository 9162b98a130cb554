package com.personalaichatbot.dr.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class TamperingTest {

  private final MemoryStorage storage = new MemoryStorage();
  private final Tampering tampering = Tampering.on(storage);

  @Test
  void eachChange_isThereAfterAPowerCut() throws IOException {
    tampering.replace("a", new byte[] {1, 2, 3});
    tampering.replace("b", new byte[] {9});
    tampering.flip("a", 1);
    tampering.resize("b", 2);
    tampering.swap("a", "b");
    tampering.copy("a", "c");
    tampering.rename("b", "d");
    tampering.replace("e", new byte[0]);
    tampering.delete("e");

    MemoryStorage survivor = storage.crash();

    assertThat(survivor.list("")).extracting(StoredFile::name).containsExactly("a", "c", "d");
    assertThat(Tampering.on(survivor).read("a")).containsExactly(9, 0);
    assertThat(Tampering.on(survivor).read("c")).containsExactly(9, 0);
    assertThat(Tampering.on(survivor).read("d")).containsExactly(1, 3, 3);
  }

  @Test
  void absentFile_isAnError() {
    assertThatThrownBy(() -> tampering.flip("a", 0)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> tampering.delete("a")).isInstanceOf(NoSuchFileException.class);
  }
}
