package com.personalaichatbot.dr.core.operation;

import com.personalaichatbot.dr.core.snapshot.Purpose;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The options of a backup. Immutable.
 *
 * @param purpose why it is taken
 * @param tags words to give to the snapshot, none empty
 * @param excludes globs of what to leave out; without a leading {@code /} they match any trailing
 *     run of path elements, with it from the component's name on
 * @param deadline how long the backup may take; what it does not reach is listed and carried over
 *     from the snapshot before, flagged stale, and the snapshot is INCOMPLETE
 * @param acceptShrunk whether the loss of a component that is empty or lost most of its data is
 *     intended, so that its status is not SHRUNK
 */
public record BackupOptions(
    Purpose purpose,
    List<String> tags,
    List<String> excludes,
    Optional<Duration> deadline,
    boolean acceptShrunk) {
  /** Refuses nulls and empty words, and keeps copies. */
  public BackupOptions {
    Objects.requireNonNull(purpose, "purpose");
    Objects.requireNonNull(deadline, "deadline");
    if (purpose == Purpose.CONTINUOUS) {
      throw new IllegalArgumentException("this version does not take CONTINUOUS snapshots");
    }
    if (deadline.filter(d -> d.isNegative()).isPresent()) {
      throw new IllegalArgumentException("a deadline cannot be negative: " + deadline.get());
    }
    tags = List.copyOf(tags);
    excludes = List.copyOf(excludes);
    if (tags.stream().anyMatch(String::isBlank) || excludes.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("a tag or exclude is blank");
    }
  }

  /** Nothing but a purpose. */
  public static BackupOptions of(Purpose purpose) {
    return new BackupOptions(purpose, List.of(), List.of(), Optional.empty(), false);
  }

  /** The same with these tags. */
  public BackupOptions withTags(List<String> newTags) {
    return new BackupOptions(purpose, newTags, excludes, deadline, acceptShrunk);
  }

  /** The same with these excludes. */
  public BackupOptions withExcludes(List<String> newExcludes) {
    return new BackupOptions(purpose, tags, newExcludes, deadline, acceptShrunk);
  }

  /** The same with this much time. */
  public BackupOptions withDeadline(Duration newDeadline) {
    return new BackupOptions(purpose, tags, excludes, Optional.of(newDeadline), acceptShrunk);
  }

  /**
   * The same for data of which most was deleted on purpose: a component that is empty or lost most
   * of its data is not SHRUNK.
   */
  public BackupOptions withShrunkAccepted() {
    return new BackupOptions(purpose, tags, excludes, deadline, true);
  }
}
