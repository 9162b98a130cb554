package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.snapshot.Figures.OfKind;
import com.personalaichatbot.dr.core.snapshot.Figures.Sign;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of a backup about its data, as extension {@link Extension#FIGURES} of a snapshot, and
 * of a removed snapshot in a PRUNE entry, there without names.
 *
 * @param time when the capture began
 * @param purpose code of the snapshot's purpose
 */
public record FiguresRecord(Instant time, int purpose, List<OfKind> kinds) {
  private static final int MAX_EXAMPLES = 64;

  /** Keeps a copy. */
  public FiguresRecord {
    kinds = List.copyOf(kinds);
  }

  /** The bytes of the part. */
  public byte[] encode() {
    BytesWriter out = new BytesWriter();
    Times.write(out, time);
    out.u8(purpose).varint(kinds.size());
    for (OfKind of : kinds) {
      out.u8(of.kind().ordinal()).varint(of.files()).varint(of.added()).varint(of.changed());
      for (Sign sign : Sign.values()) {
        List<String> examples = of.examples().getOrDefault(sign, List.of());
        out.varint(of.count(sign)).varint(examples.size());
        examples.forEach(out::text);
      }
    }
    return out.toBytes();
  }

  /** Reads the bytes of the part. */
  public static FiguresRecord decode(byte[] part) throws MalformedException {
    BytesReader in = new BytesReader(part);
    Instant time = Times.read(in);
    int purpose = in.u8();
    List<OfKind> kinds = new ArrayList<>();
    for (int left = in.varint(Kind.values().length); left > 0; left--) {
      int kind = in.u8();
      if (kind >= Kind.values().length) {
        throw new MalformedException("kind " + kind + " is unknown");
      }
      long files = in.varint(Long.MAX_VALUE);
      long added = in.varint(Long.MAX_VALUE);
      long changed = in.varint(Long.MAX_VALUE);
      Map<Sign, Long> signs = new EnumMap<>(Sign.class);
      Map<Sign, List<String>> examples = new EnumMap<>(Sign.class);
      for (Sign sign : Sign.values()) {
        long count = in.varint(Long.MAX_VALUE);
        if (count > 0) {
          signs.put(sign, count);
        }
        List<String> paths = new ArrayList<>();
        for (int more = in.varint(MAX_EXAMPLES); more > 0; more--) {
          paths.add(in.text(Limits.MAX_PATH * 4));
        }
        if (!paths.isEmpty()) {
          examples.put(sign, paths);
        }
      }
      kinds.add(new OfKind(Kind.values()[kind], files, added, changed, signs, examples));
    }
    in.end();
    return new FiguresRecord(time, purpose, kinds);
  }

  /** The same without the names of files. */
  public FiguresRecord withoutNames() {
    return new FiguresRecord(
        time,
        purpose,
        kinds.stream()
            .map(of ->
                new OfKind(of.kind(), of.files(), of.added(), of.changed(), of.signs(), Map.of()))
            .toList());
  }
}
