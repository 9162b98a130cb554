package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * Run as a process of its own, so that the locale can be another: makes names and links of raw
 * bytes below the given directory, scans it, and prints what it found in hexadecimal digits.
 */
final class NamesProbe {

  /**
   * Names that some locale's text cannot hold, that shells or terminals trip over, or that are as
   * long as can be.
   */
  static final List<byte[]> NAMES = List.of(
      raw("ff"),
      raw("80fe0a"),
      raw("c328"),
      raw("eda080"),
      raw("efbfbd"),
      raw("c3a9"),
      raw("65cc81"),
      raw("e697a5e69cac"),
      raw("f09f9880"),
      text("-rf"),
      text("new\nline"),
      text("a\\x41"),
      text("back\\slash"),
      text(" "),
      text("..."),
      text("100%25"),
      text("#?&;:"),
      text("x".repeat(255)),
      raw("c3a9".repeat(127) + "78"),
      raw("ff".repeat(255)));

  static final List<byte[]> TARGETS = List.of(
      raw("ff"),
      raw("2e2e2fff2fc3a9"),
      raw("2fff2fe9"),
      raw("c3a9"),
      text("/"),
      text(".."),
      text("/tmp"),
      text("tmp"),
      text("a\\x41"),
      raw("c3a9".repeat(100) + "2f" + "ff".repeat(200)));

  private NamesProbe() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    for (byte[] name : NAMES) {
      Files.write(NativeNames.resolve(directory, name), name);
    }
    Path inner = Files.createDirectories(NativeNames.resolve(directory, raw("fe")));
    for (byte[] target : TARGETS) {
      NativeNames.createSymlink(inner.resolve("link" + TARGETS.indexOf(target)), target);
    }
    PrintStream out = System.out;
    out.println(System.getProperty("sun.jnu.encoding"));
    Component component = Component.directory("c", Kind.CUSTOM, directory);
    ScanProblems problems = new RecordedProblems();
    try (SourceScan scan = new SourceScan(component, ScanRules.NONE, problems)) {
      for (ScannedEntry entry : scan.list(scan.root()).entries()) {
        print(out, entry);
        if (entry.type() == EntryType.DIRECTORY) {
          for (ScannedEntry link : scan.list(entry).entries()) {
            print(out, link);
            Files.delete(link.path());
          }
        } else {
          readBack(scan, entry);
        }
      }
    }
    out.println(problems);
  }

  private static void readBack(SourceScan scan, ScannedEntry entry) throws Exception {
    try (ReadBatch batch = scan.begin(List.of(entry))) {
      Reading reading = batch.open(entry);
      byte[] content = new byte[300];
      int read = reading.read(content, 0, content.length);
      if (!new String(content, 0, read, StandardCharsets.ISO_8859_1)
          .equals(new String(entry.name(), StandardCharsets.ISO_8859_1))) {
        throw new AssertionError(entry + " has the content of another");
      }
    }
  }

  private static void print(PrintStream out, ScannedEntry entry) {
    HexFormat hex = HexFormat.of();
    out.println(
        entry.type() + " " + hex.formatHex(entry.name()) + " " + hex.formatHex(entry.linkTarget()));
  }

  private static byte[] raw(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
