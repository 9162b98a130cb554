package com.personalaichatbot.dr.core.recovery.schedule;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.scan.ScanProblems;
import com.personalaichatbot.dr.core.internal.scan.ScanRules;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.check.LogCheck;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/*
 * What may be removed: a regular file in a component of kind LOGS, found as a backup finds it (so no link is followed,
 * what the component excludes is not seen, and what the application lends is left alone), whose last change is older than
 * the age and older than the beginning of a complete backup of its component. It is removed by walking down from the
 * component's directory without following links, and is looked at once more there: what has become a link, or was
 * written since, stays.
 */

/**
 * Looks what logs say and removes those that are old and backed up. Used by one thread at a time.
 */
final class LogCleanup implements Callable<String> {
  private final BackupRepository repository;
  private final List<Component> components;
  private final Duration kept;
  private final Clock clock;
  private final Map<Path, LogCheck> reviews = new HashMap<>();

  LogCleanup(BackupRepository repository, List<Component> components, Duration kept, Clock clock) {
    this.repository = repository;
    this.components = components.stream().filter(c -> c.kind() == Kind.LOGS).toList();
    this.kept = kept;
    this.clock = clock;
  }

  @Override
  public String call() throws IOException, JobFailedException {
    Instant old = clock.instant().minus(kept);
    long errors = 0;
    int removed = 0;
    List<String> problems = new ArrayList<>();
    for (Component component : components) {
      Optional<Instant> backup = lastBackup(component);
      Instant limit = backup.filter(old::isAfter).orElse(old);
      try (SourceScan scan = new SourceScan(component, ScanRules.NONE, noting(problems))) {
        ScannedEntry root = scan.root();
        for (ScannedEntry file : files(scan, root)) {
          Path path = file.path();
          if (backup.isPresent()
              && file != root
              && !file.isLive()
              && changed(path).isBefore(limit)) {
            removed += remove(root.path(), root.path().relativize(path), limit) ? 1 : 0;
            reviews.remove(path);
          } else if (path.getFileName().toString().endsWith(".log")) {
            errors += review(path);
          }
        }
      } catch (NoSuchFileException e) {
        problems.add(component.name() + " is not there");
      }
    }
    if (!problems.isEmpty()) {
      throw new JobFailedException("some logs could not be looked at: " + problems.get(0));
    }
    return errors + " errors since the last review; " + removed + " old logs were removed";
  }

  private Optional<Instant> lastBackup(Component component) throws IOException {
    return repository.snapshots().stream()
        .filter(s -> s.purpose() != Purpose.QUARANTINE && s.host().equals(repository.host()))
        .filter(s -> s.component(component.name())
            .filter(state -> state.status() == BackupStatus.COMPLETE)
            .isPresent())
        .map(Snapshot::started)
        .max(Instant::compareTo);
  }

  private static List<ScannedEntry> files(SourceScan scan, ScannedEntry root) {
    List<ScannedEntry> files = new ArrayList<>();
    Deque<ScannedEntry> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      ScannedEntry entry = open.poll();
      if (entry.type() == EntryType.DIRECTORY) {
        open.addAll(scan.list(entry).entries());
      } else if (entry.type() == EntryType.FILE) {
        files.add(entry);
      }
    }
    return files;
  }

  private static ScanProblems noting(List<String> problems) {
    return new ScanProblems() {
      @Override
      public void failed(String path, String reason) {
        problems.add(path + ": " + reason);
      }

      @Override
      public void skipped(String path, String reason) {}
    };
  }

  private long review(Path log) throws IOException {
    CheckResult result = reviews.computeIfAbsent(log, LogCheck::of).check();
    return result.details().get("errors") instanceof Number errors ? errors.longValue() : 0;
  }

  private static Instant changed(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.MAX;
    }
  }

  static boolean remove(Path root, Path relative, Instant limit) throws IOException {
    try (TargetDirectories way = new TargetDirectories(root);
        DirectoryStream<Path> directory = Directories.open(way.access(root))) {
      if (directory instanceof SecureDirectoryStream<Path> secure) {
        return remove(secure, relative, limit);
      }
    } catch (NoSuchFileException e) {
      return false;
    }
    Path file = root.resolve(relative);
    BasicFileAttributes now =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!isOldFile(now, limit) || !file.toRealPath().startsWith(root.toRealPath())) {
      return false;
    }
    return Files.deleteIfExists(file);
  }

  private static boolean remove(SecureDirectoryStream<Path> directory, Path relative, Instant limit)
      throws IOException {
    Path first = relative.getName(0);
    if (relative.getNameCount() > 1) {
      try (SecureDirectoryStream<Path> below =
          directory.newDirectoryStream(first, LinkOption.NOFOLLOW_LINKS)) {
        return remove(below, relative.subpath(1, relative.getNameCount()), limit);
      }
    }
    BasicFileAttributes now = directory
        .getFileAttributeView(first, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
    if (!isOldFile(now, limit)) {
      return false;
    }
    directory.deleteFile(first);
    return true;
  }

  private static boolean isOldFile(BasicFileAttributes attributes, Instant limit) {
    return attributes.isRegularFile()
        && attributes.lastModifiedTime().toInstant().isBefore(limit);
  }
}
