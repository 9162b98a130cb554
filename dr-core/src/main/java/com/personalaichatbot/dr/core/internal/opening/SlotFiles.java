package com.personalaichatbot.dr.core.internal.opening;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.crypto.DamagedSlotException;
import com.personalaichatbot.dr.crypto.KeySlot;
import com.personalaichatbot.dr.crypto.UnsupportedSlotException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files of key slots, two of each: reads them, and deletes them. Whether a slot is live is not
 * for them to say but for the catalog.
 */
public final class SlotFiles {
  /** The directory of key slots. */
  public static final String DIRECTORY = "keys";

  private static final String COPY = ".copy";

  private final Storage storage;

  /** Those in this storage. */
  public SlotFiles(Storage storage) {
    this.storage = storage;
  }

  /** The names of both files of a slot. */
  public static List<String> names(Bytes16 slot) {
    return List.of(DIRECTORY + "/" + slot, DIRECTORY + "/" + slot + COPY);
  }

  /** The id of the slot that a file of the directory holds by its name, or something else. */
  public static String id(String file) {
    String name = file.substring(DIRECTORY.length() + 1);
    return name.endsWith(COPY) ? name.substring(0, name.length() - COPY.length()) : name;
  }

  /** Whether a slot may have this id in its name. */
  public static boolean isId(String id) {
    return id.length() == 2 * Bytes16.BYTES
        && id.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  private List<StoredFile> list() throws IOException {
    List<StoredFile> files = new ArrayList<>();
    try {
      for (StoredFile file : storage.list(DIRECTORY)) {
        if (isId(id(file.name()))) {
          files.add(file);
        }
      }
    } catch (NoSuchFileException e) {
      // The place itself does not exist yet.
      return List.of();
    }
    return files;
  }

  /** The ids of all slots of which a file is there, readable or not, live or not. */
  public Set<Bytes16> ids() throws IOException {
    Set<Bytes16> ids = new LinkedHashSet<>();
    for (StoredFile file : list()) {
      ids.add(Bytes16.of(HexFormat.of().parseHex(id(file.name()))));
    }
    return ids;
  }

  /**
   * The slots by id, each with its undamaged copies.
   *
   * @param problems gets a word about every damaged one
   */
  Map<String, List<KeySlot>> read(List<String> problems) throws IOException {
    Map<String, List<KeySlot>> slots = new LinkedHashMap<>();
    IOException unreadable = null;
    for (StoredFile file : list()) {
      try {
        KeySlot slot =
            KeySlot.parse(RepositoryOpener.read(storage, file.name(), KeySlot.MAX_BYTES + 1));
        String id = id(file.name());
        if (Bytes16.of(slot.slotId()).toString().equals(id)) {
          slots.computeIfAbsent(id, k -> new ArrayList<>()).add(slot);
        }
      } catch (NoSuchFileException e) {
        continue;
      } catch (IOException e) {
        unreadable = e;
        problems.add(file.name() + " cannot be read: " + e.getMessage());
      } catch (DamagedSlotException e) {
        problems.add(file.name() + RepositoryOpener.DAMAGED + e.getMessage());
      } catch (UnsupportedSlotException e) {
        problems.add(file.name() + " is not supported: " + e.getMessage());
      }
    }
    if (slots.isEmpty() && unreadable != null) {
      throw unreadable;
    }
    return slots;
  }

  /** The slots of which a copy is undamaged, live or not. */
  public List<KeySlot> readable() throws IOException {
    return read(new ArrayList<>()).values().stream()
        .map(copies -> copies.get(0))
        .toList();
  }

  /** Deletes both files of some slots, as far as they are there. */
  public void delete(Collection<Bytes16> slots) throws IOException {
    for (Bytes16 slot : slots) {
      for (String name : names(slot)) {
        try {
          storage.delete(name);
        } catch (NoSuchFileException e) {
          continue;
        }
      }
    }
    storage.sync(DIRECTORY);
  }
}
