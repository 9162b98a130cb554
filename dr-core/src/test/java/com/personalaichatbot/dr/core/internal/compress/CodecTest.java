package com.personalaichatbot.dr.core.internal.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodecTest {

  @Test
  void of_everyCode_isItsCodec() throws CorruptDataException {
    assertThat(Codec.of(0)).isEqualTo(Codec.NONE);
    assertThat(Codec.of(1)).isEqualTo(Codec.ZSTD);
    assertThat(Codec.of(2)).isEqualTo(Codec.DEFLATE);
    for (Codec codec : Codec.values()) {
      assertThat(Codec.of(codec.code())).isEqualTo(codec);
    }
  }

  @Test
  void of_unknownCode_isCorrupt() {
    for (int code : new int[] {-1, 3, 255}) {
      assertThatThrownBy(() -> Codec.of(code))
          .isInstanceOf(CorruptDataException.class)
          .hasMessageContaining(String.valueOf(code));
    }
  }

  @Test
  void zstdAvailable_libraryLoads_noProblem() {
    assertThat(Codec.zstdAvailable()).isTrue();
    assertThat(Codec.zstdProblem()).isEmpty();
  }

  /**
   * All classes once more, in a loader of their own, with a library path at which there is nothing.
   */
  @Test
  void zstdAvailable_libraryDoesNotLoad_saysWhyAndLeavesTheRestUsable(@TempDir Path empty)
      throws Exception {
    URL[] classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(CodecTest::url)
        .toArray(URL[]::new);
    Path missing = empty.resolve("libzstd.so");
    System.setProperty("ZstdNativePath", missing.toString());
    try (URLClassLoader loader =
        new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
      Callable<?> machine = (Callable<?>) loader
          .loadClass(MachineWithoutZstd.class.getName())
          .getDeclaredConstructor()
          .newInstance();
      List<?> seen = (List<?>) machine.call();

      assertThat(seen.get(0)).isEqualTo(false);
      assertThat((String) seen.get(1))
          .contains(missing.toString(), "java.io.tmpdir", "ZstdTempFolder", "DEFLATE");
      assertThat(seen.get(2)).as("what a zstd compressor throws").isEqualTo(seen.get(1));
      assertThat(seen.get(3)).as("round trip in DEFLATE").isEqualTo(true);
    } finally {
      System.clearProperty("ZstdNativePath");
    }
  }

  private static URL url(String path) {
    try {
      return new File(path).toURI().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Runs in the other loader. */
  public static final class MachineWithoutZstd implements Callable<List<Object>> {

    @Override
    public List<Object> call() throws Exception {
      return List.of(Codec.zstdAvailable(), Codec.zstdProblem(), failure(), deflates());
    }

    private static String failure() {
      byte[] out = new byte[Compressor.bound(10)];
      try (Compressor compressor = new Compressor(Codec.ZSTD)) {
        compressor.compress(new byte[10], 0, 10, null, out, 0);
        return "nothing";
      } catch (IllegalStateException e) {
        return e.getMessage();
      }
    }

    private static boolean deflates() throws CorruptDataException {
      byte[] plain = new byte[1000];
      byte[] out = new byte[Compressor.bound(plain.length)];
      byte[] back = new byte[plain.length];
      Arrays.fill(back, (byte) 1);
      try (Compressor compressor = new Compressor(Codec.DEFLATE)) {
        int stored = compressor.compress(plain, 0, plain.length, null, out, 0);
        compressor.decompress(out, 0, stored, Codec.DEFLATE, null, back, 0, back.length);
      }
      return Arrays.equals(plain, back);
    }
  }
}
