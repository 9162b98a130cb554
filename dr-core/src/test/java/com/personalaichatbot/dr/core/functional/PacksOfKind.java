package com.personalaichatbot.dr.core.functional;

import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.PackKind;
import com.personalaichatbot.dr.core.internal.opening.RepositoryOpener;
import com.personalaichatbot.dr.core.internal.pack.PackReader;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Finds packs by what they hold, which only a holder of the keys can tell. */
final class PacksOfKind {
  private PacksOfKind() {}

  /** The files of the packs of a kind. */
  static List<String> in(Storage storage, RootKey root, PackKind kind) throws IOException {
    SecureRandom random = new SecureRandom();
    RepositoryOpener.Opened opened =
        new RepositoryOpener(storage, random, Clock.systemUTC()).open(root);
    List<String> found = new ArrayList<>();
    try (RepositoryKeys keys = opened.keys()) {
      Seals seals = new Seals(opened.format().repositoryId(), keys, random);
      for (StoredFile file : storage.list(IndexedPack.DIRECTORY)) {
        String name = file.name().substring(file.name().lastIndexOf('/') + 1);
        if (PackReader.readContents(storage, seals, name, file.length())
                .contents()
                .kind()
            == kind) {
          found.add(file.name());
        }
      }
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
    return found;
  }
}
