package com.personalaichatbot.dr.core.internal.write;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.compress.DictionaryTrainer;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.scan.ReadBatch;
import com.personalaichatbot.dr.core.internal.scan.Reading;
import com.personalaichatbot.dr.core.internal.scan.ScanProblems;
import com.personalaichatbot.dr.core.internal.scan.ScanRules;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Reads the beginnings of some small files and has a dictionary trained on them. It looks at
 * directories, chosen as if by lot, until it has seen enough small files, and of a very large
 * directory only at parts, evenly. It takes its samples evenly from these: on a large tree it must
 * cost little beside the backup that follows. Files of secrets components are never among them
 * (invariant 12). What cannot be read is left out; the backup that follows will list it.
 */
public final class SampleRun {
  private static final int SMALL = 64 << 10;
  private static final int ENOUGH = 4_000;
  private static final int BATCH = 128;

  /** So many parts of a listing have about enough files. */
  private static final int ENOUGH_PARTS = 8;

  private final List<Component> components;
  private final ScanRules rules;

  public SampleRun(List<Component> components, ScanRules rules) {
    this.components = components;
    this.rules = rules;
  }

  /** The dictionary, if the files have enough in common. */
  public Optional<byte[]> train() {
    List<byte[]> samples = new ArrayList<>();
    for (Component component : components) {
      if (component.kind() != Kind.SECRETS) {
        try (SourceScan scan = new SourceScan(component, rules, ScanProblems.UNHEARD)) {
          sample(scan, samples);
        } catch (IOException e) {
          continue;
        }
      }
    }
    return DictionaryTrainer.train(samples);
  }

  private static void sample(SourceScan scan, List<byte[]> samples) throws IOException {
    List<ScannedEntry> small = smallFiles(scan);
    long bytes = 0;
    for (ScannedEntry file : small) {
      bytes += Math.min(file.attributes().size(), DictionaryTrainer.SAMPLE_LENGTH);
    }
    double step = Math.max(1, (double) bytes / DictionaryTrainer.SAMPLE_BYTES);
    List<ScannedEntry> chosen = new ArrayList<>();
    for (double at = 0; at < small.size(); at += step) {
      chosen.add(small.get((int) at));
    }
    for (int from = 0; from < chosen.size(); from += BATCH) {
      read(scan, chosen.subList(from, Math.min(from + BATCH, chosen.size())), samples);
    }
  }

  private static List<ScannedEntry> smallFiles(SourceScan scan) throws IOException {
    List<ScannedEntry> small = new ArrayList<>();
    List<ScannedEntry> directories = new ArrayList<>();
    Random lot = new Random(0);
    ScannedEntry root = scan.root();
    if (root.type() == EntryType.DIRECTORY) {
      directories.add(root);
    }
    while (!directories.isEmpty() && small.size() < ENOUGH) {
      Collections.swap(directories, lot.nextInt(directories.size()), directories.size() - 1);
      ScannedEntry directory = directories.remove(directories.size() - 1);
      for (ScannedEntry entry : scan.list(directory, SampleRun::someOf).entries()) {
        if (entry.type() == EntryType.DIRECTORY) {
          directories.add(entry);
        } else if (entry.type() == EntryType.FILE
            && !entry.isLive()
            && entry.attributes().size() > 0
            && entry.attributes().size() < SMALL) {
          small.add(entry);
        }
      }
    }
    return small;
  }

  private static void someOf(List<? extends Runnable> parts) {
    int step = (parts.size() + ENOUGH_PARTS - 1) / ENOUGH_PARTS;
    for (int i = 0; i < parts.size(); i += step) {
      parts.get(i).run();
    }
  }

  private static void read(SourceScan scan, List<ScannedEntry> files, List<byte[]> samples)
      throws IOException {
    try (ReadBatch batch = scan.begin(files)) {
      for (ScannedEntry file : batch.files()) {
        byte[] sample = new byte[DictionaryTrainer.SAMPLE_LENGTH];
        try {
          Reading reading = batch.open(file);
          int length = reading.read(sample, 0, sample.length);
          if (length > 0) {
            samples.add(Arrays.copyOf(sample, length));
          }
        } catch (IOException e) {
          continue;
        }
      }
    }
  }
}
