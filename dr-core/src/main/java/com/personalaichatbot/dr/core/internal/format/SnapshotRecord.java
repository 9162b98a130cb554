package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of a SNAPSHOT entry. Section A holds what retention needs and shows neither names nor
 * content; section B the rest.
 *
 * @param purpose code of the purpose
 * @param status of all components together
 * @param base head of the catalog when the writer made its first dedup decision
 * @param root root node of the tree whose entries are the components
 * @param dictionary the dictionary in use, or null
 * @param recordBlob the blob that holds this record once more; null in that blob itself
 * @param extension what later versions of the format added
 */
public record SnapshotRecord(
    int purpose,
    ComponentStatus status,
    Instant started,
    Instant finished,
    long base,
    String host,
    KeyedId root,
    KeyedId dictionary,
    KeyedId recordBlob,
    long files,
    long bytes,
    List<String> tags,
    List<ComponentRecord> components,
    Extension extension) {

  private static final int PURPOSES = 6;
  private static final int KINDS = 6;
  private static final int CRITICALITIES = 2;

  /** Longest host name, tag or component name, in bytes. */
  public static final int MAX_TEXT = 4096;

  /** Keeps copies. */
  public SnapshotRecord {
    tags = List.copyOf(tags);
    components = List.copyOf(components);
  }

  /**
   * A component in a snapshot.
   *
   * @param kind code of its kind
   * @param criticality code of its criticality
   * @param path where it was read from, raw bytes
   */
  public record ComponentRecord(
      String name,
      int kind,
      int criticality,
      byte[] path,
      ComponentStatus status,
      long files,
      long bytes) {}

  /**
   * The same record, naming the blob that holds it once more.
   *
   * @param blob of type {@link BlobType#RECORD}
   */
  public SnapshotRecord withRecordBlob(KeyedId blob) {
    return with(finished, blob);
  }

  /** The same with another time at which it was finished. */
  public SnapshotRecord withFinished(Instant time) {
    return with(time, recordBlob);
  }

  private SnapshotRecord with(Instant end, KeyedId blob) {
    return new SnapshotRecord(
        purpose,
        status,
        started,
        end,
        base,
        host,
        root,
        dictionary,
        blob,
        files,
        bytes,
        tags,
        components,
        extension);
  }

  /**
   * The text of the blob that holds this record once more, so that a history which was lost can be
   * made again from packs alone: the id of the entry and both sections, of which the second does
   * not name this blob. It is written before the snapshot is finished, so the time of that is the
   * time at which it was started.
   *
   * @param id of the entry
   */
  public byte[] encodeBlob(Bytes16 id) {
    SnapshotRecord inside = with(started, null);
    return new BytesWriter()
        .raw(id.toBytes())
        .block(inside.encodeA())
        .block(inside.encodeB())
        .toBytes();
  }

  /** The content of a blob that {@link #encodeBlob} wrote. */
  public record Recorded(Bytes16 id, SnapshotRecord snapshot) {}

  /** Reads the text of a blob that holds a record. */
  public static Recorded decodeBlob(byte[] text)
      throws MalformedException, UnknownVersionException {
    BytesReader in = new BytesReader(text);
    Bytes16 id = Bytes16.of(in.raw(Bytes16.BYTES));
    BytesReader a = new BytesReader(in.block(Limits.MAX_ENTRY));
    BytesReader b = new BytesReader(in.block(Limits.MAX_ENTRY));
    in.end();
    if (EntryKind.of(a.u8()) != EntryKind.SNAPSHOT) {
      throw new MalformedException("it does not hold the record of a snapshot");
    }
    return new Recorded(id, decode(a, b));
  }

  /** Section A, to be sealed. */
  public byte[] encodeA() {
    BytesWriter out = Extension.NONE.begin(EntryKind.SNAPSHOT).u8(purpose);
    out.u8(status.ordinal());
    Times.write(out, started);
    Times.write(out, finished);
    return Extension.pad(out.varint(base));
  }

  /** Section B, to be sealed. */
  public byte[] encodeB() {
    BytesWriter out = new BytesWriter().text(host);
    for (KeyedId id : new KeyedId[] {root, dictionary, recordBlob}) {
      out.u8(id == null ? 0 : 1);
      if (id != null) {
        out.id(id);
      }
    }
    out.varint(files).varint(bytes).varint(tags.size());
    tags.forEach(out::text);
    out.varint(components.size());
    for (ComponentRecord component : components) {
      out.text(component.name).u8(component.kind).u8(component.criticality).block(component.path);
      out.u8(component.status.ordinal()).varint(component.files).varint(component.bytes);
    }
    return Extension.pad(out.block(extension.encode()));
  }

  /** Reads both sections; section A behind its kind. */
  public static SnapshotRecord decode(BytesReader a, BytesReader b)
      throws MalformedException, UnknownVersionException {
    Extension.read(a);
    int purpose = code(a, PURPOSES, "purpose");
    ComponentStatus status = ComponentStatus.of(a.u8());
    Instant started = Times.read(a);
    Instant finished = Times.read(a);
    long base = a.varint(Long.MAX_VALUE);
    a.zerosToEnd();
    String host = b.text(MAX_TEXT);
    KeyedId root = b.flag() ? b.id() : null;
    KeyedId dictionary = b.flag() ? b.id() : null;
    KeyedId recordBlob = b.flag() ? b.id() : null;
    long files = b.varint(Long.MAX_VALUE);
    long bytes = b.varint(Long.MAX_VALUE);
    int tagCount = b.varint(Limits.MAX_LIST);
    List<String> tags = new ArrayList<>();
    for (int i = 0; i < tagCount; i++) {
      tags.add(b.text(MAX_TEXT));
    }
    int componentCount = b.varint(Limits.MAX_LIST);
    List<ComponentRecord> components = new ArrayList<>();
    for (int i = 0; i < componentCount; i++) {
      components.add(new ComponentRecord(
          b.text(MAX_TEXT),
          code(b, KINDS, "kind of a component"),
          code(b, CRITICALITIES, "criticality"),
          b.block(Limits.MAX_PATH),
          ComponentStatus.of(b.u8()),
          b.varint(Long.MAX_VALUE),
          b.varint(Long.MAX_VALUE)));
    }
    Extension extension = Extension.read(b);
    b.zerosToEnd();
    return new SnapshotRecord(
        purpose,
        status,
        started,
        finished,
        base,
        host,
        root,
        dictionary,
        recordBlob,
        files,
        bytes,
        tags,
        components,
        extension);
  }

  private static int code(BytesReader in, int count, String what)
      throws MalformedException, UnknownVersionException {
    int code = in.u8();
    if (code >= count) {
      throw new UnknownVersionException(what + " " + code);
    }
    return code;
  }
}
