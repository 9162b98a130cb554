package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.component.LiveFile;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.RawName;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file, directory or symbolic link as a scan found it. Immutable, but that the arrays it returns
 * are its own: nobody writes to them.
 */
public final class ScannedEntry {

  private static final byte[] NO_TARGET = {};

  private final ScannedEntry parent;
  private final byte[] name;
  private final Path path;
  private final EntryType type;
  private final Attributes attributes;
  private final byte[] linkTarget;
  private final LiveFile liveFile;

  private ScannedEntry(
      ScannedEntry parent,
      byte[] name,
      Path path,
      EntryType type,
      Attributes attributes,
      byte[] linkTarget,
      LiveFile liveFile) {
    this.parent = parent;
    this.name = name;
    this.path = path;
    this.type = type;
    this.attributes = attributes;
    this.linkTarget = linkTarget;
    this.liveFile = liveFile;
  }

  /**
   * {@code parent} is null for the component itself, {@code liveFile} for what is read by its path.
   */
  static ScannedEntry file(
      ScannedEntry parent, byte[] name, Path path, Attributes attributes, LiveFile liveFile) {
    return new ScannedEntry(parent, name, path, EntryType.FILE, attributes, NO_TARGET, liveFile);
  }

  static ScannedEntry directory(
      ScannedEntry parent, byte[] name, Path path, Attributes attributes) {
    return new ScannedEntry(parent, name, path, EntryType.DIRECTORY, attributes, NO_TARGET, null);
  }

  static ScannedEntry symlink(
      ScannedEntry parent, byte[] name, Path path, Attributes attributes, byte[] target) {
    return new ScannedEntry(parent, name, path, EntryType.SYMLINK, attributes, target, null);
  }

  ScannedEntry parent() {
    return parent;
  }

  /** Returns the component itself. */
  ScannedEntry root() {
    ScannedEntry root = this;
    while (root.parent != null) {
      root = root.parent;
    }
    return root;
  }

  LiveFile liveFile() {
    return liveFile;
  }

  FileIdentity identity() {
    return new FileIdentity(attributes.device(), attributes.inode());
  }

  /** Returns the raw bytes of the name; of the component itself, its name as UTF-8. */
  public byte[] name() {
    return name;
  }

  /** Returns where it lies; symbolic links above it are resolved. */
  public Path path() {
    return path;
  }

  /** Returns what it is. */
  public EntryType type() {
    return type;
  }

  /** Returns its attributes at the moment of the scan. */
  public Attributes attributes() {
    return attributes;
  }

  /** Returns the raw bytes of a symbolic link's target; empty for anything else. */
  public byte[] linkTarget() {
    return linkTarget;
  }

  /** Whether it is a file that is read through the application's own handle. */
  public boolean isLive() {
    return liveFile != null;
  }

  /** Returns the raw bytes of NAME/rest. */
  public byte[] place() {
    int length = -1;
    for (ScannedEntry at = this; at != null; at = at.parent) {
      length += 1 + at.name.length;
    }
    byte[] place = new byte[length];
    for (ScannedEntry at = this; at != null; at = at.parent) {
      length -= at.name.length;
      System.arraycopy(at.name, 0, place, length, at.name.length);
      if (--length >= 0) {
        place[length] = '/';
      }
    }
    return place;
  }

  /** Returns the raw bytes of the place of a name in this directory. */
  byte[] place(byte[] child) {
    byte[] here = place();
    byte[] place = Arrays.copyOf(here, here.length + 1 + child.length);
    place[here.length] = '/';
    System.arraycopy(child, 0, place, here.length + 1, child.length);
    return place;
  }

  /** Returns NAME/rest for people, as {@link RawName} shows it. */
  public String display() {
    return RawName.display(place());
  }

  @Override
  public String toString() {
    return display();
  }
}
