package com.personalaichatbot.dr.core.internal.seal;

import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.BytesReader;
import com.personalaichatbot.dr.core.internal.format.BytesWriter;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.IndexFile;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.PackHeader;
import com.personalaichatbot.dr.crypto.IdHasher;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import com.personalaichatbot.dr.crypto.SealKey;
import com.personalaichatbot.dr.crypto.Sealer;
import java.security.SecureRandom;
import java.util.Arrays;

/** Makes and opens the sealed containers of one repository. Thread-safe; what it makes is not. */
public final class Seals {
  private static final String BLOBS = "pack-blobs";
  private static final String CONTENTS = "pack-contents";
  private static final String INDEX = "index";
  private static final String CLIENT = "client";
  private static final String COPY = "copy";
  private static final String[] SECTIONS = {"entry-a", "entry-b"};
  private static final BlobType[] SECTION_TYPES = {BlobType.SECTION_A, BlobType.SECTION_B};

  private final Bytes16 repositoryId;
  private final RepositoryKeys keys;
  private final SecureRandom random;

  /** Uses these keys; they stay the caller's. */
  public Seals(Bytes16 repositoryId, RepositoryKeys keys, SecureRandom random) {
    this.repositoryId = repositoryId;
    this.keys = keys;
    this.random = random;
  }

  /** The repository that every container is bound to. */
  public Bytes16 repositoryId() {
    return repositoryId;
  }

  /** A function that gives ids; one a thread. */
  public IdHasher newIdHasher() {
    return keys.newIdHasher();
  }

  /** Sixteen fresh random bytes. */
  public Bytes16 newBytes16() {
    byte[] bytes = new byte[Bytes16.BYTES];
    random.nextBytes(bytes);
    return Bytes16.of(bytes);
  }

  private byte[] newSalt() {
    byte[] salt = new byte[PackHeader.SALT];
    random.nextBytes(salt);
    return salt;
  }

  /** Fresh keys for a pack. */
  public PackSeal newPack() {
    byte[] salt = newSalt();
    byte[] contentsSalt = newSalt();
    Sealer blobs = keys.data().newSealer(salt, BLOBS);
    Sealer contents = keys.lookup().newSealer(contentsSalt, CONTENTS);
    PackHeader header =
        PackHeader.of(repositoryId, salt, blobs.commitment(), contentsSalt, contents.commitment());
    return packSeal(header, blobs, contents);
  }

  /** The keys of a pack that is there. */
  public PackSeal openPack(PackHeader header) throws MalformedException {
    Sealer blobs = committed(keys.data(), header.salt(), BLOBS, header.commitment(), 0);
    Sealer contents =
        committed(keys.lookup(), header.contentsSalt(), CONTENTS, header.contentsCommitment(), 0);
    return packSeal(header, blobs, contents);
  }

  private PackSeal packSeal(PackHeader header, Sealer blobs, Sealer contents) {
    return new PackSeal(
        header,
        new Container(blobs, BLOBS, header.bytes()),
        new Container(contents, CONTENTS, header.bytes()),
        keys.newIdHasher());
  }

  static Sealer committed(SealKey key, byte[] salt, String label, byte[] commitment, int offset)
      throws MalformedException {
    Sealer sealer = key.newSealer(salt, label);
    if (!sealer.committedBy(commitment, offset)) {
      sealer.close();
      throw new MalformedException("its key commitment does not fit");
    }
    return sealer;
  }

  /** A whole index file that holds this text. */
  public byte[] sealIndex(byte[] text) {
    byte[] salt = newSalt();
    Sealer sealer = keys.lookup().newSealer(salt, INDEX);
    byte[] header = IndexFile.header(repositoryId, salt, sealer.commitment());
    try (Container container = new Container(sealer, INDEX, header)) {
      byte[] object = container.sealObject(0, BlobType.INDEX, text, newIdHasher());
      byte[] file = Arrays.copyOf(header, header.length + object.length);
      System.arraycopy(object, 0, file, header.length, object.length);
      return file;
    }
  }

  /** The text of an index file. */
  public byte[] openIndex(byte[] file) throws MalformedException {
    if (file.length < IndexFile.HEADER || file.length > Limits.MAX_INDEX) {
      throw new MalformedException("its length of " + file.length + " bytes cannot be");
    }
    byte[] header = Arrays.copyOf(file, IndexFile.HEADER);
    IndexFile.check(header, repositoryId);
    Sealer sealer = committed(
        keys.lookup(), IndexFile.salt(header), INDEX, header, IndexFile.commitmentOffset());
    try (Container container = new Container(sealer, INDEX, header)) {
      byte[] object = Arrays.copyOfRange(file, IndexFile.HEADER, file.length);
      return container.openObject(0, BlobType.INDEX, object, newIdHasher());
    }
  }

  /** A whole catalog entry; {@code sectionB} may be empty. */
  public byte[] sealEntry(
      long position,
      EntryFile.Hash previous,
      Bytes16 writer,
      Bytes16 nonce,
      byte[] sectionA,
      byte[] sectionB) {
    byte[] saltA = newSalt();
    byte[] saltB = newSalt();
    Sealer a = keys.lookup().newSealer(saltA, SECTIONS[0]);
    Sealer b = keys.data().newSealer(saltB, SECTIONS[1]);
    byte[] header = EntryFile.header(
        repositoryId,
        position,
        previous,
        writer,
        nonce,
        saltA,
        a.commitment(),
        saltB,
        b.commitment());
    try (Container first = new Container(a, SECTIONS[0], header);
        Container second = new Container(b, SECTIONS[1], header)) {
      IdHasher ids = newIdHasher();
      return EntryFile.encode(
          header,
          first.sealObject(0, SECTION_TYPES[0], sectionA, ids),
          sectionB.length == 0 ? sectionB : second.sealObject(1, SECTION_TYPES[1], sectionB, ids),
          keys::entryMac);
    }
  }

  /**
   * Reads the file of a catalog entry and checks all of it but what is sealed.
   *
   * @throws MalformedException if it is not whole, or of somebody without the keys
   */
  public EntryFile parseEntry(byte[] file) throws MalformedException {
    return EntryFile.parse(file, repositoryId, keys::entryMac);
  }

  /** See {@link EntryFile#parseDamaged}. */
  public EntryFile parseDamagedEntry(byte[] file) throws MalformedException {
    return EntryFile.parseDamaged(file, repositoryId);
  }

  /** See {@link EntryFile#frontPosition}. */
  public long entryFront(byte[] start) {
    return EntryFile.frontPosition(start, repositoryId, keys::entryMac);
  }

  /** See {@link EntryFile#endPosition}. */
  public long entryEnd(byte[] tail) {
    return EntryFile.endPosition(tail, repositoryId, keys::entryMac);
  }

  /** Section A (0) or B (1) of a catalog entry; an absent section B is empty. */
  public byte[] openSection(EntryFile entry, int section) throws MalformedException {
    byte[] object = section == 0 ? entry.sectionA() : entry.sectionB();
    if (section == 1 && object.length == 0) {
      return object;
    }
    SealKey key = section == 0 ? keys.lookup() : keys.data();
    Sealer sealer = committed(
        key,
        entry.salt(section),
        SECTIONS[section],
        entry.header(),
        EntryFile.commitmentOffset(section));
    try (Container container = new Container(sealer, SECTIONS[section], entry.header())) {
      return container.openObject(section, SECTION_TYPES[section], object, newIdHasher());
    }
  }

  /** What seals the files that the client keeps outside the repository. */
  public ClientSeal newClientSeal() {
    return new ClientSeal(keys.client(), CLIENT, BlobType.CLIENT, random, newIdHasher());
  }

  /** Seals the statement that a place holds a copy of this repository, which bears this id. */
  public byte[] sealCopyMark(Bytes16 copyId) {
    byte[] text =
        new BytesWriter().raw(repositoryId.toBytes()).raw(copyId.toBytes()).toBytes();
    try (ClientSeal seal = newCopySeal()) {
      return seal.seal(text);
    }
  }

  /**
   * Opens what {@link #sealCopyMark} sealed, and gives the id of the copy.
   *
   * @throws MalformedException if it is no such statement about this repository
   */
  public Bytes16 openCopyMark(byte[] file) throws MalformedException {
    try (ClientSeal seal = newCopySeal()) {
      BytesReader in = new BytesReader(seal.open(file));
      boolean own = Bytes16.of(in.raw(Bytes16.BYTES)).equals(repositoryId);
      Bytes16 copyId = Bytes16.of(in.raw(Bytes16.BYTES));
      in.end();
      if (!own) {
        throw new MalformedException("it marks a copy of another repository");
      }
      return copyId;
    }
  }

  private ClientSeal newCopySeal() {
    return new ClientSeal(keys.lookup(), COPY, BlobType.COPY, random, newIdHasher());
  }

  /** Seals a file that the client keeps outside the repository: salt, commitment, sealed object. */
  public byte[] sealClient(byte[] text) {
    try (ClientSeal seal = newClientSeal()) {
      return seal.seal(text);
    }
  }

  /** Opens what {@link #sealClient} sealed. */
  public byte[] openClient(byte[] file) throws MalformedException {
    try (ClientSeal seal = newClientSeal()) {
      return seal.open(file);
    }
  }
}
