package com.personalaichatbot.dr.core.internal.engine.verify;

import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.RepositoryFormat;
import com.personalaichatbot.dr.core.internal.index.BlobDamage;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.opening.RepositoryOpener;
import com.personalaichatbot.dr.core.internal.opening.Reserve;
import com.personalaichatbot.dr.core.internal.opening.SlotFiles;
import com.personalaichatbot.dr.core.internal.session.CopiedStorage;
import com.personalaichatbot.dr.core.internal.session.DirectoryGuard;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.storage.NotRegularFileException;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.crypto.DamagedSlotException;
import com.personalaichatbot.dr.crypto.KeySlot;
import com.personalaichatbot.dr.crypto.UnsupportedSlotException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at every file of a repository by its name, and at the small ones whole: FORMAT and its
 * copy, key slots, strangers. A file of a repository under a name that is not its own is damage,
 * whatever else lies about is a note.
 */
final class Inventory {
  private static final String LOCK = "lock";
  private static final List<String> MAGICS =
      List.of("DRFORMAT", "DRKEYSLT", "DRENTRY1", "DRPACK01", "DRINDEX1");
  private static final int MAGIC = 8;

  private final Session session;
  private final History history;
  private final VerifyRun.Findings findings;
  private final Set<String> slotFiles = new HashSet<>();

  Inventory(Session session, History history, VerifyRun.Findings findings) {
    this.session = session;
    this.history = history;
    this.findings = findings;
  }

  void check() throws IOException {
    Set<String> names = new HashSet<>();
    for (StoredFile file : session.storage().list("")) {
      names.add(file.name());
      try {
        check(file);
      } catch (NoSuchFileException e) {
        findings.note(file.name() + " went away while it was looked at");
      } catch (IOException e) {
        findings.flaw(file.name(), BlobDamage.unreadable(session.storage(), file.name(), e));
      }
    }
    for (String name : RepositoryOpener.FORMAT_FILES) {
      if (!names.contains(name)) {
        findings.missing(name, "it is not there");
      }
    }
    checkSlotPairs();
  }

  private void check(StoredFile file) throws IOException {
    String name = file.name();
    String top = name.contains("/") ? name.substring(0, name.indexOf('/')) : name;
    String last = name.substring(name.lastIndexOf('/') + 1);
    if (DirectoryGuard.DIRECTORIES.contains(name)) {
      findings.misplaced(name, DirectoryGuard.PROBLEM);
    } else if (RepositoryOpener.FORMAT_FILES.contains(name)) {
      checkFormat(name);
    } else if (top.equals(SlotFiles.DIRECTORY)) {
      checkSlot(name);
    } else if (top.equals("tmp")) {
      findings.note(
          name + " is a temporary that an interrupted operation left; the next backup removes it");
    } else if (name.equals(Reserve.NAME)) {
      checkReserve();
    } else if (name.equals(CopiedStorage.MARK)) {
      checkMark();
    } else if (history.foreign().containsKey(EntryFile.positionOf(name))) {
      noteIfNoFile(
          name, () -> checkForeign(name, history.foreign().get(EntryFile.positionOf(name))));
    } else if (!name.equals(LOCK)
        && !(EntryFile.positionOf(name) >= 0)
        && !(IndexLoader.isHash(last)
            && (name.equals(IndexedPack.file(last))
                || name.equals(IndexLoader.DIRECTORY + "/" + last)))) {
      noteIfNoFile(name, () -> checkStranger(name));
    }
  }

  @FunctionalInterface
  private interface Check {
    void run() throws IOException;
  }

  /** A pipe, a directory or a link where no file belongs is nobody's data. */
  private void noteIfNoFile(String name, Check check) throws IOException {
    try {
      check.run();
    } catch (NotRegularFileException e) {
      findings.note(name + " is not a regular file and counts as nothing; somebody who may write"
          + " there put it there. Remove it");
    }
  }

  private void checkFormat(String name) throws IOException {
    byte[] text = session.format().unauthenticated();
    byte[] expected = session.format().encode(session.keys().formatMac(text, 0, text.length));
    if (!Arrays.equals(
        RepositoryOpener.read(session.storage(), name, Limits.MAX_FORMAT + 1), expected)) {
      findings.corrupt(name, "its bytes are not those that were written");
    }
  }

  private void checkSlot(String name) throws IOException {
    String id = SlotFiles.id(name);
    if (!SlotFiles.isId(id)) {
      checkStranger(name);
      return;
    }
    byte[] bytes = RepositoryOpener.read(session.storage(), name, KeySlot.MAX_BYTES + 1);
    try {
      KeySlot slot = KeySlot.parse(bytes);
      boolean own = Bytes16.of(slot.slotId()).toString().equals(id)
          && Bytes16.of(slot.repositoryId()).equals(session.format().repositoryId());
      if (!own) {
        findings.misplaced(name, "it is key slot " + Bytes16.of(slot.slotId()));
        return;
      }
      slotFiles.add(name);
      if (!history.liveSlots().isEmpty()
          && !history.liveSlots().contains(Bytes16.of(slot.slotId()))) {
        findings.note(
            name + " is a key slot that is not live and opens nothing; the next change of keys"
                + " deletes it");
      }
      if (!slot.isOfPassphrase()) {
        findings.note(name + " is a key slot of kind " + slot.kind() + ", of a newer version");
      }
    } catch (DamagedSlotException e) {
      slotFiles.add(name);
      findings.corrupt(name, e.getMessage());
    } catch (UnsupportedSlotException e) {
      slotFiles.add(name);
      findings.note(name + " is a key slot of a newer version: " + e.getMessage());
    }
  }

  private void checkSlotPairs() {
    for (Bytes16 slot : history.liveSlots()) {
      for (String name : SlotFiles.names(slot)) {
        if (!slotFiles.contains(name)) {
          findings.missing(name, "the key slot is live and its file is not there");
        }
      }
    }
  }

  private void checkReserve() throws IOException {
    Optional<String> problem = Reserve.problem(session.storage());
    if (problem.isPresent() && !isMisplaced(Reserve.NAME)) {
      findings.note(
          Reserve.NAME + " " + problem.get() + "; the next prune that frees something replaces it");
    }
  }

  private void checkMark() throws IOException {
    if (CopiedStorage.copyId(session.storage(), session.seals()).isEmpty()) {
      findings.note(CopiedStorage.MARK + " was not written with the keys of this repository and"
          + " counts as nothing; if this place is a copy, copy to it once more");
    }
  }

  /** A file under the name of a position that no holder of the keys wrote for it. */
  private void checkForeign(String name, long writtenFor) throws IOException {
    if (history.problems().containsKey(EntryFile.positionOf(name))) {
      return;
    }
    if (writtenFor >= 0) {
      findings.misplaced(name, "it is the entry of position " + writtenFor);
    } else if (isEntry(name) || !isMisplaced(name)) {
      findings.note(name + " was not written with the keys of this repository and counts as"
          + " nothing; whoever may write there put it there");
    }
  }

  private boolean isEntry(String name) throws IOException {
    byte[] head = RepositoryOpener.read(session.storage(), name, MAGIC);
    return Arrays.equals(head, MAGICS.get(2).getBytes(StandardCharsets.ISO_8859_1));
  }

  private void checkStranger(String name) throws IOException {
    if (!isMisplaced(name)) {
      findings.note(name + " is no file of a repository");
    }
  }

  /** Whether it is a file of a repository, which then has no business under this name. */
  private boolean isMisplaced(String name) throws IOException {
    byte[] head;
    try {
      head = RepositoryOpener.read(session.storage(), name, MAGIC);
    } catch (IllegalArgumentException e) {
      return false; // No name that a storage gives.
    }
    boolean ours = looksOurs(head) || RepositoryFormat.looksLike(head);
    if (ours) {
      findings.misplaced(name, "it is a file of a repository under a name that is not its own");
    }
    return ours;
  }

  private static boolean looksOurs(byte[] bytes) {
    return bytes.length >= MAGIC
        && MAGICS.contains(new String(bytes, 0, MAGIC, StandardCharsets.ISO_8859_1));
  }
}
