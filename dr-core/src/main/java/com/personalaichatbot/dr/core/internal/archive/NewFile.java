package com.personalaichatbot.dr.core.internal.archive;

import com.personalaichatbot.dr.core.internal.store.DurableFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file that is under its name only when it is whole and durable. Until then it is a temporary
 * beside it, readable by its owner only, as the file itself. Not thread-safe.
 */
public final class NewFile implements Closeable {
  private final Path name;
  private final Path file;
  private final Path temporary;
  private final FileChannel channel;

  private NewFile(Path name, Path file, Path temporary, FileChannel channel) {
    this.name = name;
    this.file = file;
    this.temporary = temporary;
    this.channel = channel;
  }

  /**
   * Begins one.
   *
   * @param name what people call it
   * @param file where it is to be, in a directory that is there
   * @param suffix makes the name of the temporary unique
   */
  public static NewFile create(Path name, Path file, String suffix) throws IOException {
    Path temporary = file.resolveSibling("." + file.getFileName() + "." + suffix + ".tmp");
    FileChannel channel = FileChannel.open(
        temporary,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        DurableFile.permissions(file, DurableFile.OWNER));
    return new NewFile(name, file, temporary, channel);
  }

  /** Where its bytes go; closing it changes nothing. */
  public OutputStream stream() {
    OutputStream out = Channels.newOutputStream(channel);
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
          out.write(bytes, offset, length);
        } catch (IOException e) {
          throw DurableFile.naming(name, e);
        }
      }
    };
  }

  /**
   * Makes the bytes durable and gives them their name.
   *
   * @throws FileAlreadyExistsException if the name is taken meanwhile; nothing was changed
   */
  public void commit() throws IOException {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw DurableFile.naming(name, e);
    }
    channel.close();
    try {
      Files.createLink(file, temporary);
      Files.delete(temporary);
    } catch (FileAlreadyExistsException e) {
      throw new FileAlreadyExistsException(name.toString());
    } catch (IOException | UnsupportedOperationException e) {
      Files.move(temporary, file); // A file system without hard links.
    }
    DurableFile.forceNames(file.toAbsolutePath().getParent());
  }

  /** Removes the temporary, if it is still there. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(temporary);
  }
}
