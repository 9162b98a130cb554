package com.personalaichatbot.dr.core.internal.index;

import com.personalaichatbot.dr.core.internal.compress.CorruptDataException;
import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The dictionaries that were needed so far, each loaded once. Thread-safe. */
public final class Dictionaries implements AutoCloseable {
  private final Map<KeyedId, Dictionary> loaded = new HashMap<>();

  /** Makes a dictionary known that was just trained. */
  public synchronized void put(Dictionary dictionary) {
    loaded.put(dictionary.id(), dictionary);
  }

  /**
   * The dictionary with this id.
   *
   * @throws MalformedException if it is not there any more; what was compressed with it is lost
   * @throws CorruptRepositoryException if the storage has it and fails to read it
   */
  synchronized Dictionary get(KeyedId id, BlobReader reader)
      throws IOException, MalformedException {
    Dictionary dictionary = loaded.get(id);
    if (dictionary == null) {
      dictionary = load(id, reader);
      loaded.put(id, dictionary);
    }
    return dictionary;
  }

  private static Dictionary load(KeyedId id, BlobReader reader)
      throws IOException, MalformedException {
    try (BlobReader own = reader.newReader()) {
      return new Dictionary(id, own.read(id, BlobType.DICTIONARY));
    } catch (CorruptRepositoryException e) {
      if (e.getCause() != null) {
        throw e;
      }
      throw new MalformedException("its dictionary is lost (" + e.getMessage() + ")");
    } catch (CorruptDataException e) {
      throw new MalformedException("its dictionary is not one (" + e.getMessage() + ")");
    }
  }

  /** The dictionary with this id, or null if it cannot be read any more. */
  public Dictionary find(KeyedId id, BlobReader reader) throws IOException {
    try {
      return get(id, reader);
    } catch (MalformedException | CorruptRepositoryException e) {
      return null;
    }
  }

  @Override
  public synchronized void close() {
    loaded.values().forEach(Dictionary::close);
    loaded.clear();
  }
}
