package com.personalaichatbot.dr.core.recovery.communication;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fuzz target: the record of messages. */
public final class DeliveryTargets {
  private DeliveryTargets() {}

  /** A record. */
  public static void record(byte[] input) throws IOException {
    try (FileSystem files = Jimfs.newFileSystem(Configuration.unix())) {
      Path file = Files.write(files.getPath("deliveries.json"), input);
      new DeliveryLog(file).read();
    }
  }
}
