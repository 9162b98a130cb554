package com.personalaichatbot.dr.core.internal.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.PackContents;
import com.personalaichatbot.dr.core.internal.format.PackHeader;
import com.personalaichatbot.dr.core.internal.format.PackKind;
import com.personalaichatbot.dr.core.internal.format.PackedBlob;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlobIndexTest {
  private static final KeyedId DICTIONARY = new KeyedId(7, 7, 7, 7);

  private final Random random = new Random(5);
  private final BlobIndex index = new BlobIndex();

  private KeyedId id() {
    return new KeyedId(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  private PackedBlob blob(KeyedId id) {
    int stored = random.nextInt(100);
    boolean small = random.nextBoolean();
    return new PackedBlob(
        BlobType.DATA,
        id,
        stored,
        small ? stored : stored + 200,
        small ? 0 : 1,
        small ? 0 : 1,
        random.nextLong());
  }

  private IndexedPack pack(String name, List<PackedBlob> blobs) {
    byte[] salt = new byte[PackHeader.SALT];
    PackHeader header = PackHeader.of(Bytes16.of(new byte[16]), salt, salt, salt, salt);
    return new IndexedPack(
        name, 1 << 20, header, new PackContents(PackKind.DATA, List.of(DICTIONARY), blobs));
  }

  /** More blobs than a block of records holds, and packs that end in the middle of one. */
  @Test
  void places_ofEachOfManyBlobs_areWhereThePackHasThem() {
    List<IndexedPack> packs = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      List<PackedBlob> blobs = new ArrayList<>();
      for (int j = i == 4 ? 1500 : 0; j < 1500; j++) {
        blobs.add(blob(id()));
      }
      packs.add(pack("pack" + i, blobs));
      index.add(packs.get(i));
    }

    assertThat(index.size()).isEqualTo(15_000);
    for (IndexedPack pack : packs) {
      int offset = PackHeader.BYTES;
      int number = 0;
      for (PackedBlob blob : pack.contents().blobs()) {
        BlobLocation expected = new BlobLocation(
            pack.name(),
            pack.header(),
            number++,
            offset,
            blob.storedLength(),
            blob.plainLength(),
            BlobType.DATA.code(),
            blob.codec(),
            blob.dictionary() == 0 ? null : DICTIONARY,
            blob.dictionary(),
            blob.tail(),
            blob.id());
        assertThat(index.places(blob.id())).containsExactly(expected);
        offset += blob.sealedLength();
      }
    }
    assertThat(index.places(id())).isEmpty();
  }

  @Test
  void places_ofABlobInTwoPacks_areBoth_andEachIsMarkedForItself() {
    KeyedId twice = id();
    index.add(pack("one", List.of(blob(id()), blob(twice))));
    index.add(pack("two", List.of(blob(twice))));
    BitSet first = new BitSet();
    BitSet all = new BitSet();

    assertThat(index.places(twice)).extracting(BlobLocation::pack).containsExactly("one", "two");
    assertThat(index.mark(twice, first)).isEqualTo(BlobIndex.Marked.NOW);
    assertThat(index.mark(twice, first)).isEqualTo(BlobIndex.Marked.BEFORE);
    assertThat(index.mark(id(), first)).isEqualTo(BlobIndex.Marked.ABSENT);
    index.markAll(twice, all);
    assertThat(index.uses(first)).extracting(BlobIndex.Use::markedBlobs).containsExactly(1, 0);
    assertThat(index.uses(all)).extracting(BlobIndex.Use::markedBlobs).containsExactly(1, 1);
  }

  @Test
  void claim_ofABlob_isGivenOnce_andNotForWhatIsStored() {
    KeyedId fresh = id();
    KeyedId stored = id();
    index.add(pack("one", List.of(blob(stored))));

    assertThat(index.claim(fresh)).isTrue();
    assertThat(index.claim(fresh)).isFalse();
    assertThat(index.claim(stored)).isFalse();
    assertThat(index.contains(fresh)).isFalse();
    index.add(pack("two", List.of(blob(fresh))));
    assertThat(index.contains(fresh)).isTrue();
    assertThat(index.claim(fresh)).isFalse();
  }

  /** Ids that agree in what the table goes by, and differ in the rest of the 128 bits. */
  @Test
  void places_ofIdsThatMeetInTheTable_areToldApart() {
    List<PackedBlob> blobs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      blobs.add(blob(new KeyedId(42, i, 0, 0)));
    }
    index.add(pack("one", blobs));

    for (PackedBlob blob : blobs) {
      assertThat(index.places(blob.id()))
          .extracting(BlobLocation::tail)
          .containsExactly(blob.tail());
    }
    assertThat(index.contains(new KeyedId(42, 100, 0, 0))).isFalse();
  }
}
