package com.personalaichatbot.dr.core.internal.journal;

import com.personalaichatbot.dr.core.internal.format.BytesReader;
import com.personalaichatbot.dr.core.internal.format.BytesWriter;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import java.util.Arrays;

/**
 * Directory that a journal belongs into. A journal that is found in another one was moved there, or
 * its volume was mounted again.
 *
 * @param path raw bytes of the absolute path
 * @param device number of the device, 0 if none exists
 * @param inode number of the inode, 0 if none exists
 */
public record RunPlace(byte[] path, long device, long inode) {

  /** Whether both are the same directory. */
  public boolean isSame(RunPlace other) {
    return Arrays.equals(path, other.path) && device == other.device && inode == other.inode;
  }

  void encode(BytesWriter out) {
    out.block(path).varint(device).varint(inode);
  }

  static RunPlace decode(BytesReader in) throws MalformedException {
    RunPlace place = new RunPlace(
        in.block(Limits.MAX_PATH), in.varint(Long.MAX_VALUE), in.varint(Long.MAX_VALUE));
    in.end();
    return place;
  }
}
