package com.personalaichatbot.dr.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SealerTest {
  @Test
  void open_whatWasSealed_givesItBack() throws Exception {
    RepositoryKeys keys = RootKey.of(new byte[32]).derive(new byte[16], 1, 1);
    for (int n : new int[] {0, 1, 2047, 2048, 2049, 300_000}) {
      Sealer sealer = keys.data().newSealer(new byte[32], "pack");
      byte[] in = new byte[n];
      byte[] out = new byte[n + 16];
      long tail = sealer.seal(7, new byte[3], in, 0, n, out, 0);
      byte[] back = new byte[n];
      assertThat(sealer.open(7, tail, new byte[3], out, 0, n + 16, back, 0)).isEqualTo(n);
      assertThat(back).isEqualTo(in);
      byte[] again = new byte[n + 16];
      sealer.seal(7, new byte[3], in, 0, n, again, 0);
      sealer.seal(7, new byte[3], in, 0, n, again, 0);
      assertThat(again).isEqualTo(out);
    }
  }
}
