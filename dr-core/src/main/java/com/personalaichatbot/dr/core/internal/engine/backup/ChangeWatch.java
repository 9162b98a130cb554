package com.personalaichatbot.dr.core.internal.engine.backup;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.scan.ScanProblems;
import com.personalaichatbot.dr.core.internal.scan.ScanRules;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Notices that small components changed, and when they have come to rest.
 *
 * <p>It looks at the attributes of their files from time to time instead of waiting for the file
 * system to report: reports get lost (full queues, network file systems, bind mounts, files that
 * are replaced as a whole), and the few files of a configuration are looked at in no time. A change
 * counts once two looks in a row found the same, so that something that is being written is not
 * caught half way. Not thread-safe.
 */
public final class ChangeWatch {
  private final List<Component> components;
  private Map<String, Long> known;
  private Map<String, Long> last;

  /** Takes these components as they are now for unchanged. */
  public ChangeWatch(List<Component> components) {
    this.components = List.copyOf(components);
    this.known = look();
    this.last = known;
  }

  /** The components that changed since they were last given out here, and are at rest. */
  public List<Component> changed() {
    Map<String, Long> now = look();
    boolean atRest = now.equals(last);
    last = now;
    if (!atRest || now.equals(known)) {
      return List.of();
    }
    Map<String, Long> before = known;
    known = now;
    return components.stream()
        .filter(c -> !now.get(c.name()).equals(before.get(c.name())))
        .toList();
  }

  private Map<String, Long> look() {
    Map<String, Long> signatures = new HashMap<>();
    components.forEach(c -> signatures.put(c.name(), signature(c)));
    return signatures;
  }

  /** A number that is another one when the attributes of any file in it are. */
  private static long signature(Component component) {
    try (SourceScan scan = new SourceScan(component, ScanRules.NONE, ScanProblems.UNHEARD)) {
      ScannedEntry root = scan.root();
      long signature = signature(root);
      Deque<ScannedEntry> directories = new ArrayDeque<>();
      if (root.type() == EntryType.DIRECTORY) {
        directories.add(root);
      }
      while (!directories.isEmpty()) {
        for (ScannedEntry entry : scan.list(directories.poll()).entries()) {
          signature = signature * 31 + signature(entry);
          if (entry.type() == EntryType.DIRECTORY) {
            directories.add(entry);
          }
        }
      }
      return signature;
    } catch (IOException e) {
      return 0;
    }
  }

  private static long signature(ScannedEntry entry) {
    Attributes a = entry.attributes();
    long signature = Arrays.hashCode(entry.name());
    for (long part : new long[] {
      a.size(), a.mtimeSeconds(), a.mtimeNanos(), a.ctimeSeconds(), a.ctimeNanos(), a.inode()
    }) {
      signature = signature * 1_000_003 + part;
    }
    return signature;
  }
}
