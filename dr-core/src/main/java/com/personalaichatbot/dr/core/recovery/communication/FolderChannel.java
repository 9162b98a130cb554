package com.personalaichatbot.dr.core.recovery.communication;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Leaves each message as a text file in a folder, from where a person or another tool takes it: the
 * channel that needs no network. Repeating a message changes nothing. Thread-safe.
 */
public final class FolderChannel implements Channel {
  private final Path folder;

  /** @param folder where to; made when the first message comes */
  public FolderChannel(Path folder) {
    this.folder = Objects.requireNonNull(folder, "folder");
  }

  @Override
  public String name() {
    return "folder";
  }

  @Override
  public void send(Message message) throws DeliveryException {
    String text =
        message.subject() + "\n\nTo: " + message.audience().id() + "\n\n" + message.text() + "\n";
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve(message.id() + ".txt"),
          text,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      // It was left there before.
    } catch (IOException e) {
      throw new DeliveryException(
          "the folder " + folder + " does not take the message: " + e.getMessage(), e);
    }
  }
}
