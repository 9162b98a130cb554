package com.personalaichatbot.dr.core.internal.scan;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds out which file a channel has open, which Java does not tell.
 *
 * <p>One byte of the channel is mapped, and what the list of this process's mappings then names
 * again is that file. The mapping goes with the next garbage collection; nothing is read through
 * it. It takes no lock away: only closing a descriptor does.
 */
final class ChannelIdentity {

  private ChannelIdentity() {}

  /**
   * Returns what the channel's file is known by; empty if that cannot be told, for instance because
   * the file is empty or its file system maps nothing.
   */
  static Set<FileIdentity> of(FileChannel channel) {
    if (!MemoryMaps.isKnown()) {
      return Set.of();
    }
    try {
      Set<String> before = new HashSet<>();
      MemoryMaps.sharedMappings().forEach(mapping -> before.add(mapping.range()));
      MappedByteBuffer probe = channel.map(FileChannel.MapMode.READ_ONLY, 0, 1);
      Set<FileIdentity> found = Set.of();
      int mappings = 0;
      for (MemoryMaps.Mapping mapping : MemoryMaps.sharedMappings()) {
        if (!before.contains(mapping.range())) {
          found = mapping.files();
          mappings++;
        }
      }
      Reference.reachabilityFence(probe);
      return mappings == 1 ? found : Set.of();
    } catch (IOException | RuntimeException e) {
      return Set.of();
    }
  }
}
