package com.personalaichatbot.dr.core.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveFileTest {

  @TempDir
  Path dir;

  @Test
  void of_channel_readsAtThePlaceAndMovesNothing() throws Exception {
    Path file = Files.writeString(dir.resolve("live"), "0123456789");
    try (FileChannel channel = FileChannel.open(file)) {
      channel.position(7);
      LiveFile live = LiveFile.of(channel);
      ByteBuffer buffer = ByteBuffer.allocate(4);

      assertThat(live.size()).isEqualTo(10);
      assertThat(live.read(buffer, 3)).isEqualTo(4);
      assertThat(new String(buffer.array(), StandardCharsets.UTF_8)).isEqualTo("3456");
      assertThat(live.read(ByteBuffer.allocate(1), 10)).isEqualTo(-1);
      assertThat(channel.position()).isEqualTo(7);
      assertThat(channel.isOpen()).isTrue();
    }
  }
}
