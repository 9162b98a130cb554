package com.personalaichatbot.dr.core.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContentTest {
  private static List<Extent> extents(int count) {
    Random random = new Random(count);
    List<Extent> extents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      extents.add(Extent.whole(id(random), 1 + random.nextInt(1 << 20)));
    }
    return extents;
  }

  private static KeyedId id(Random random) {
    return new KeyedId(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  private static List<Extent> decoded(List<byte[]> maps) throws MalformedException {
    List<Extent> extents = new ArrayList<>();
    for (byte[] map : maps) {
      extents.addAll(Content.decodeMap(map));
    }
    return extents;
  }

  @Test
  void encodeMaps_extentsOfEveryKind_areDecodedAsTheyWere() throws MalformedException {
    List<Extent> extents = extents(1000);
    KeyedId blob = id(new Random(1));
    extents.add(500, Extent.hole(1L << 40));
    extents.add(501, new Extent(4096, blob, 0));
    extents.add(502, new Extent(4096, blob, 8192));
    extents.add(503, new Extent(1, blob, Limits.MAX_BLOB - 1));
    assertThat(decoded(Content.encodeMaps(extents))).isEqualTo(extents);
  }

  @Test
  void encodeMaps_oneExtentOfManyIsAnother_mostMapsAreTheSame() {
    List<Extent> extents = extents(10_000);
    List<byte[]> before = Content.encodeMaps(extents);
    extents.set(5000, extents(1).get(0));
    extents.add(2500, extents(2).get(1));
    List<byte[]> after = Content.encodeMaps(extents);

    assertThat(before.size()).isBetween(20, 80);
    long same = after.stream()
        .filter(m -> before.stream().anyMatch(b -> Arrays.equals(b, m)))
        .count();
    assertThat(same).isGreaterThanOrEqualTo(before.size() - 4);
  }

  @Test
  void encodeMaps_noIdEndsOne_endAtTheCap() throws MalformedException {
    KeyedId blob = new KeyedId(1, 2, 3, 0x0101);
    List<Extent> extents = new ArrayList<>();
    for (int i = 0; i < Limits.MAP_EXTENTS + 1; i++) {
      extents.add(Extent.whole(blob, i + 1));
    }
    List<byte[]> maps = Content.encodeMaps(extents);
    assertThat(maps).hasSize(2);
    assertThat(decoded(maps)).isEqualTo(extents);
  }
}
