package com.personalaichatbot.dr.core.storage;

import com.personalaichatbot.dr.core.testkit.StorageContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageTest extends StorageContract {

  @TempDir
  private Path temp;

  @Override
  protected Storage newStorage() {
    return LocalStorage.at(temp.resolve("repository"));
  }

  @Override
  protected Storage reopen(Storage closed) {
    return newStorage();
  }
}
