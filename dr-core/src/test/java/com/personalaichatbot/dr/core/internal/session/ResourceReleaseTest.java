package com.personalaichatbot.dr.core.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ResourceReleaseTest {
  private final AtomicInteger released = new AtomicInteger();

  @Test
  void close_unused_letsGoOnce() throws IOException {
    ResourceRelease use = new ResourceRelease(released::incrementAndGet);
    use.begin(Thread.currentThread());
    assertThat(use.isUser()).isTrue();
    use.end();
    assertThat(use.isUser()).isFalse();
    assertThat(released).hasValue(0);

    use.close();
    use.close();

    assertThat(released).hasValue(1);
  }

  @Test
  void close_whileUsed_isLeftToTheLastUser() throws Exception {
    ResourceRelease use = new ResourceRelease(released::incrementAndGet);
    use.begin(Thread.currentThread());
    Thread other = new Thread(use::end, "other");
    use.begin(other);

    use.close();
    use.end();
    assertThat(released).hasValue(0);
    other.start();
    other.join();

    assertThat(released).hasValue(1);
  }

  @Test
  void release_fails_reachesWhoeverCloses() {
    ResourceRelease use = new ResourceRelease(() -> {
      throw new IOException("no answer");
    });
    assertThatIOException().isThrownBy(use::close).withMessage("no answer");

    ResourceRelease used = new ResourceRelease(() -> {
      throw new IOException("no answer");
    });
    used.begin(Thread.currentThread());
    assertThatCode(used::close).doesNotThrowAnyException();
    assertThatCode(used::end).doesNotThrowAnyException();
  }
}
