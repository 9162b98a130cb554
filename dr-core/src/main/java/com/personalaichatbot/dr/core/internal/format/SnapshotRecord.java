package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a SNAPSHOT entry records. Section A holds what retention needs and shows neither names nor
 * content; section B the rest.
 *
 * @param purpose code of the purpose
 * @param complete whether every component is
 * @param base head of the catalog when the writer made its first dedup decision
 * @param root root node of the tree whose entries are the components
 * @param dictionary the dictionary in use, or null
 * @param extension what later versions of the format added
 */
public record SnapshotRecord(
    int purpose,
    boolean complete,
    Instant started,
    Instant finished,
    long base,
    String host,
    KeyedId root,
    KeyedId dictionary,
    long files,
    long bytes,
    List<String> tags,
    List<ComponentRecord> components,
    Extension extension) {

  private static final int PURPOSES = 5;
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
      boolean complete,
      long files,
      long bytes) {}

  /** Section A, to be sealed. */
  public byte[] encodeA() {
    BytesWriter out = new BytesWriter().u8(EntryKind.SNAPSHOT.code()).u8(purpose);
    out.u8(complete ? 1 : 0);
    Times.write(out, started);
    Times.write(out, finished);
    return out.varint(base).toBytes();
  }

  /** Section B, to be sealed; padded so that its length says little of the names in it. */
  public byte[] encodeB() {
    BytesWriter out = new BytesWriter().text(host).u8(root == null ? 0 : 1);
    if (root != null) {
      out.id(root);
    }
    out.u8(dictionary == null ? 0 : 1);
    if (dictionary != null) {
      out.id(dictionary);
    }
    out.varint(files).varint(bytes).varint(tags.size());
    tags.forEach(out::text);
    out.varint(components.size());
    for (ComponentRecord component : components) {
      out.text(component.name).u8(component.kind).u8(component.criticality).block(component.path);
      out.u8(component.complete ? 1 : 0).varint(component.files).varint(component.bytes);
    }
    out.block(extension.encode());
    return out.zeros(-out.length() & 255).toBytes();
  }

  /** Reads both sections; section A behind its kind. */
  public static SnapshotRecord decode(BytesReader a, BytesReader b) throws MalformedException {
    int purpose = code(a, PURPOSES, "purpose");
    boolean complete = flag(a);
    Instant started = Times.read(a);
    Instant finished = Times.read(a);
    long base = a.varint(Long.MAX_VALUE);
    a.end();
    String host = b.text(MAX_TEXT);
    KeyedId root = flag(b) ? b.id() : null;
    KeyedId dictionary = flag(b) ? b.id() : null;
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
          flag(b),
          b.varint(Long.MAX_VALUE),
          b.varint(Long.MAX_VALUE)));
    }
    Extension extension = Extension.decode(b.block(Limits.MAX_ENTRY));
    b.zerosToEnd();
    return new SnapshotRecord(
        purpose,
        complete,
        started,
        finished,
        base,
        host,
        root,
        dictionary,
        files,
        bytes,
        tags,
        components,
        extension);
  }

  private static int code(BytesReader in, int count, String what) throws MalformedException {
    int code = in.u8();
    if (code >= count) {
      throw new MalformedException(what + " " + code + " is unknown");
    }
    return code;
  }

  private static boolean flag(BytesReader in) throws MalformedException {
    int value = in.u8();
    if (value > 1) {
      throw new MalformedException("a flag is neither set nor clear");
    }
    return value == 1;
  }
}
