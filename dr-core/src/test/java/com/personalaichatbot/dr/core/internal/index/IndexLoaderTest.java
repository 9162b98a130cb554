package com.personalaichatbot.dr.core.internal.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.internal.compress.Codec;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.IndexFile;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.PackKind;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.pack.PackWriter;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.KeyedId;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class IndexLoaderTest {
  private static final Bytes16 REPOSITORY = Bytes16.of(new byte[16]);

  @AutoClose
  private final RootKey root = TestKeys.root();

  @AutoClose
  private final RepositoryKeys keys = root.derive(REPOSITORY.toBytes(), Limits.SUITE, Limits.EPOCH);

  private final Seals seals = new Seals(REPOSITORY, keys, new SecureRandom());
  private final MemoryStorage storage = new MemoryStorage();
  private final IndexLoader loader = new IndexLoader(storage, seals);
  private final List<KeyedId> ids = new ArrayList<>();

  private IndexedPack pack(int blobs) throws IOException {
    PackWriter writer = new PackWriter(seals, PackKind.DATA, 1 << 20, 1000);
    for (int i = 0; i < blobs; i++) {
      byte[] content = {(byte) ids.size(), (byte) (ids.size() >> 8)};
      KeyedId id = seals.newIdHasher().id(BlobType.DATA.code(), content);
      writer.add(BlobType.DATA, id, content, 0, 2, 2, Codec.NONE.code(), null);
      ids.add(id);
    }
    return writer.finish(storage);
  }

  private void writeIndex(byte[] text) throws IOException {
    byte[] file = seals.sealIndex(text);
    try (StorageWriter out = storage.create()) {
      out.write(file, 0, file.length);
      out.commit(IndexLoader.DIRECTORY + "/" + HexFormat.of().formatHex(Sha256.of(file)));
    }
  }

  @Test
  void load_listedPacks_knowsEveryBlob() throws IOException {
    loader.write(List.of(pack(3), pack(700)));

    IndexLoader.Loaded loaded = loader.load(Set.of());

    assertThat(loaded.index().size()).isEqualTo(703);
    assertThat(ids).allMatch(loaded.index()::contains);
    assertThat(loaded.adopted()).isEmpty();
    assertThat(loaded.damagedIndexes()).isEmpty();
  }

  @Test
  void load_unlistedPack_isAdopted() throws IOException {
    loader.write(List.of(pack(3)));
    IndexedPack orphan = pack(5);

    IndexLoader.Loaded loaded = loader.load(Set.of());

    assertThat(loaded.adopted()).extracting(IndexedPack::name).containsExactly(orphan.name());
    assertThat(ids).allMatch(loaded.index()::contains);
  }

  /** What comes before the nonsense counts, and the pack behind it is read instead, each once. */
  @Test
  void load_indexThatTurnsToNonsense_usesWhatIsBefore_andReadsTheOtherPacks() throws IOException {
    IndexedPack first = pack(3);
    IndexedPack second = pack(4);
    byte[] text = IndexFile.encode(List.of(first, second));
    int end = IndexFile.encode(List.of(first)).length;
    int nonsense = Math.min(end + 40, text.length - 1);
    Arrays.fill(text, nonsense, text.length, (byte) 0xff);
    writeIndex(text);

    IndexLoader.Loaded loaded = loader.load(Set.of());

    assertThat(loaded.damagedIndexes()).hasSize(1);
    assertThat(loaded.adopted()).extracting(IndexedPack::name).containsExactly(second.name());
    assertThat(loaded.index().size()).isEqualTo(7);
    assertThat(ids).allMatch(loaded.index()::contains);
  }

  @Test
  void load_excludedPack_isNotKnown() throws IOException {
    IndexedPack kept = pack(3);
    IndexedPack condemned = pack(4);
    loader.write(List.of(kept, condemned));

    IndexLoader.Loaded loaded = loader.load(Set.of(condemned.name()));

    assertThat(loaded.index().size()).isEqualTo(3);
    assertThat(loaded.index().places(ids.get(3))).isEmpty();
  }
}
