package com.personalaichatbot.dr.core.internal.engine.restore.stage;

import com.personalaichatbot.dr.core.internal.engine.restore.exchange.FileMetadata;
import com.personalaichatbot.dr.core.internal.engine.restore.plan.RestoreItem;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.journal.Change;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A file on its way to the stage. Handed from thread to thread, used by one at a time. */
final class StagedFile {
  private static final Set<OpenOption> NEW = Set.of(
      StandardOpenOption.CREATE_NEW,
      StandardOpenOption.READ,
      StandardOpenOption.WRITE,
      StandardOpenOption.SPARSE);

  private final RestoreItem item;
  private final int number;
  private final Attributes wanted;
  private final Path alone;
  private Path path;
  private byte[] sha256;

  /**
   * A file that will be staged.
   *
   * @param wanted the attributes that it is to get
   * @param alone where it is staged if it is in no staged tree
   */
  StagedFile(RestoreItem item, int number, Attributes wanted, Path alone) {
    this.item = item;
    this.number = number;
    this.wanted = wanted;
    this.alone = alone;
  }

  RestoreItem item() {
    return item;
  }

  TreeEntry entry() {
    return item.entry();
  }

  long size() {
    return item.entry().attributes().size();
  }

  Attributes wanted() {
    return wanted;
  }

  /** Where it is staged. */
  Path path() {
    return path;
  }

  /** Makes something of it in the file system. */
  @FunctionalInterface
  interface Maker<T> {
    T make(Path path) throws IOException;
  }

  /**
   * Makes it where it belongs in the stage. Under a name that the file system does not take it is
   * staged alone, by its number; when it is to come to its place that is listed as a failure.
   *
   * @throws FileAlreadyExistsException if the file system takes its name for that of another entry
   */
  <T> T make(Maker<T> maker) throws IOException {
    if (item.tree() != null) {
      try {
        path = NativeNames.resolve(item.tree().path(), item.entry().name());
        return maker.make(path);
      } catch (FileAlreadyExistsException e) {
        throw e;
      } catch (FileSystemException | IllegalArgumentException e) {
        path = null;
      }
    }
    path = alone;
    return maker.make(path);
  }

  /** Creates it, empty. */
  FileChannel create(FileMetadata metadata) throws IOException {
    return make(p -> FileChannel.open(p, NEW, metadata.atCreation(p, wanted)));
  }

  /** Takes note that it is staged whole. */
  void isStaged(byte[] itsSha256) {
    sha256 = itsSha256;
  }

  /** Whether it is staged whole. */
  boolean isStaged() {
    return sha256 != null;
  }

  /** The SHA-256 of its content, empty if nobody wants it; null until it is staged whole. */
  byte[] sha256() {
    return sha256;
  }

  /** The change that puts it in its place. */
  Change change() {
    Change change = Change.putFile(number, item.place(), item.beforePut(), wanted, sha256);
    return path == alone ? change : item.tree().stage(change);
  }
}
