package com.personalaichatbot.dr.core.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.StorageContract;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system such as exFAT, which answers every hard link with an error. */
class LocalStorageWithoutLinksTest extends StorageContract {

  @TempDir
  private Path temp;

  private FaultyFileSystem files;
  private Fault noLinks;

  @Override
  protected Storage newStorage() {
    files = new FaultyFileSystem(temp.getFileSystem());
    noLinks = files
        .fail(FileCall.LINK)
        .with(() -> new FileSystemException("x", "y", "Operation not permitted"));
    return LocalStorage.at(files.path(temp.resolve("repository")));
  }

  @Override
  protected Storage reopen(Storage closed) {
    return LocalStorage.at(files.path(temp.resolve("repository")));
  }

  @Test
  void singleWriter_noLinks_isFoundByOneProbe() throws IOException {
    try (Storage storage = newStorage()) {
      for (String name : new String[] {"a", "b"}) {
        try (StorageWriter writer = storage.create()) {
          writer.commit(name);
        }
      }

      assertThat(storage.singleWriter()).isTrue();
      assertThat(noLinks.count()).isEqualTo(1);
      assertThat(storage.list("")).extracting(StoredFile::name).containsExactly("a", "b");
    }
  }
}
