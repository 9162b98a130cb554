package com.personalaichatbot.dr.core.component;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A named part of an application's data: backed up, checked and restored as one. Immutable; the
 * {@code with} methods return a changed copy.
 *
 * <p>The name is how the part is found again in a repository, also on another machine, so it should
 * not change from one backup to the next.
 */
public final class Component {

  private static final int NAME_BYTES = 255;

  private final String name;
  private final Kind kind;
  private final Source source;
  private final Criticality criticality;
  private final Duration rpo;
  private final List<String> excludes;
  private final List<String> appendOnly;
  private final Quiesce quiesce;
  private final Shrinkage shrinkage;

  private Component(
      String name,
      Kind kind,
      Source source,
      Criticality criticality,
      Duration rpo,
      List<String> excludes,
      List<String> appendOnly,
      Quiesce quiesce,
      Shrinkage shrinkage) {
    this.name = name;
    this.kind = kind;
    this.source = source;
    this.criticality = criticality;
    this.rpo = rpo;
    this.excludes = excludes;
    this.appendOnly = appendOnly;
    this.quiesce = quiesce;
    this.shrinkage = shrinkage;
  }

  /**
   * Names a part of the data, with the criticality, the recovery point objective and the shrinkage
   * that are usual for its kind, nothing excluded and no quiesce hook.
   *
   * @param name 1 to 255 bytes of UTF-8, without {@code /} and NUL, and not {@code .} or {@code ..}
   * @param kind what the component holds
   * @param source where its data is read from
   * @return the component
   * @throws IllegalArgumentException if the name is not of that form
   */
  public static Component of(String name, Kind kind, Source source) {
    requireName(name);
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(source, "source");
    return new Component(
        name,
        kind,
        source,
        kind.criticality(),
        kind.rpo(),
        List.of(),
        List.of(),
        Quiesce.NONE,
        Shrinkage.of(kind));
  }

  /**
   * A component that is a directory with all that is below it.
   *
   * @param name the name, of the form that {@link #of} asks for
   * @param kind what the component holds
   * @param path where it is; nothing need exist there before a backup runs
   * @return the component, with the defaults that {@link #of} gives
   * @throws IllegalArgumentException if the name is not of that form
   */
  public static Component directory(String name, Kind kind, Path path) {
    return of(name, kind, Source.directory(path));
  }

  /**
   * A component that is a single file.
   *
   * @param name the name, of the form that {@link #of} asks for
   * @param kind what the component holds
   * @param path where it is; nothing need exist there before a backup runs
   * @return the component, with the defaults that {@link #of} gives
   * @throws IllegalArgumentException if the name is not of that form
   */
  public static Component file(String name, Kind kind, Path path) {
    return of(name, kind, Source.file(path));
  }

  /**
   * A component that is a directory or a single file, whichever is found when a backup runs.
   *
   * @param name the name, of the form that {@link #of} asks for
   * @param kind what the component holds
   * @param path where it is; nothing need exist there before a backup runs
   * @return the component, with the defaults that {@link #of} gives
   * @throws IllegalArgumentException if the name is not of that form
   */
  public static Component at(String name, Kind kind, Path path) {
    return of(name, kind, Source.at(path));
  }

  /**
   * Says how much the application depends on this component, where that is not what its kind says.
   *
   * @param newCriticality the other criticality
   * @return a copy of this component
   */
  public Component withCriticality(Criticality newCriticality) {
    Objects.requireNonNull(newCriticality, "criticality");
    return new Component(
        name, kind, source, newCriticality, rpo, excludes, appendOnly, quiesce, shrinkage);
  }

  /**
   * Sets the recovery point objective: the age that the component's latest good snapshot should
   * never exceed.
   *
   * @param newRpo the objective, positive
   * @return a copy of this component
   * @throws IllegalArgumentException if the duration is zero or negative
   */
  public Component withRpo(Duration newRpo) {
    if (newRpo.isZero() || newRpo.isNegative()) {
      throw new IllegalArgumentException("recovery point objective must be positive: " + newRpo);
    }
    return new Component(
        name, kind, source, criticality, newRpo, excludes, appendOnly, quiesce, shrinkage);
  }

  /**
   * Leaves out what matches one of these patterns, instead of what was left out before. Patterns
   * match the path NAME/rest: without a leading {@code /} any trailing run of its elements, with it
   * from NAME; {@code *} stays within an element, {@code **} crosses them, {@code ?} is one
   * character, {@code \xNN} is the byte of that value. A matched directory takes all below it with
   * it. The component itself is never left out.
   *
   * @param globs patterns, empty to leave out nothing; copied
   * @return a copy of this component
   * @throws IllegalArgumentException if a pattern has no character but {@code /}
   */
  public Component withExcludes(List<String> globs) {
    List<String> copy = requirePatterns(globs);
    return new Component(
        name, kind, source, criticality, rpo, copy, appendOnly, quiesce, shrinkage);
  }

  /**
   * Declares files that are only ever appended to, such as logs and JSON lines, instead of those
   * declared before. A repository that stays open then reads of such a file what was appended since
   * the last backup and a little before that; it reads the file from its beginning when it sees it
   * for the first time, when it is another file, and when it did not grow. It also does when the
   * end of what it was before is gone, and every 16th time in any case. And what is appended while
   * the file is read does not disturb the backup.
   *
   * <p>The declaration is a promise. If a declared file is changed before its old end by something
   * that appends to it as well, up to 15 backups take over the old bytes without noticing. Nothing
   * is declared unless said, whatever the kind of the component.
   *
   * @param globs patterns as for {@link #withExcludes}, empty to declare nothing; copied
   * @return a copy of this component
   * @throws IllegalArgumentException if a pattern has no character but {@code /}
   */
  public Component withAppendOnly(List<String> globs) {
    List<String> copy = requirePatterns(globs);
    return new Component(name, kind, source, criticality, rpo, excludes, copy, quiesce, shrinkage);
  }

  private static List<String> requirePatterns(List<String> globs) {
    List<String> copy = List.copyOf(globs);
    for (String glob : copy) {
      if (glob.chars().allMatch(c -> c == '/')) {
        throw new IllegalArgumentException("pattern '" + glob + "' names nothing");
      }
    }
    return copy;
  }

  /**
   * Sets the hooks that bring the application to rest around a restore in place.
   *
   * @param newQuiesce the hooks, {@link Quiesce#NONE} for none
   * @return a copy of this component
   */
  public Component withQuiesce(Quiesce newQuiesce) {
    Objects.requireNonNull(newQuiesce, "quiesce");
    return new Component(
        name, kind, source, criticality, rpo, excludes, appendOnly, newQuiesce, shrinkage);
  }

  /**
   * Sets the loss from which on the component counts as SHRUNK.
   *
   * @param newShrinkage the limits, {@link Shrinkage#IGNORED} for none
   * @return a copy of this component
   */
  public Component withShrinkage(Shrinkage newShrinkage) {
    Objects.requireNonNull(newShrinkage, "shrinkage");
    return new Component(
        name, kind, source, criticality, rpo, excludes, appendOnly, quiesce, newShrinkage);
  }

  /** {@return the name} */
  public String name() {
    return name;
  }

  /** {@return what the component holds} */
  public Kind kind() {
    return kind;
  }

  /** {@return where the data is read from} */
  public Source source() {
    return source;
  }

  /** {@return how much the application depends on this component} */
  public Criticality criticality() {
    return criticality;
  }

  /** {@return the recovery point objective, positive} */
  public Duration rpo() {
    return rpo;
  }

  /** {@return the patterns of what is left out; unmodifiable, empty if nothing is} */
  public List<String> excludes() {
    return excludes;
  }

  /** {@return the patterns of files that are only appended to; unmodifiable, empty if none are} */
  public List<String> appendOnly() {
    return appendOnly;
  }

  /** {@return the hooks around a restore in place, {@link Quiesce#NONE} if none exist} */
  public Quiesce quiesce() {
    return quiesce;
  }

  /**
   * {@return the loss from which on the component counts as SHRUNK; {@link Shrinkage#DEFAULT}
   * unless set, {@link Shrinkage#IGNORED} for kind LOGS}
   */
  public Shrinkage shrinkage() {
    return shrinkage;
  }

  /** {@return {@code KIND:NAME=PATH}, as the operator's tool takes it} */
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + ":" + name + "=" + source;
  }

  private static void requireName(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException("component name '" + name + "' is no name");
    }
    if (name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "component name '" + name.replace('\0', ' ') + "' holds / or NUL");
    }
    try {
      int bytes =
          StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name)).remaining();
      if (bytes > NAME_BYTES) {
        throw new IllegalArgumentException(
            "component name has " + bytes + " bytes, at most 255 are possible");
      }
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("component name '" + name + "' is not valid Unicode", e);
    }
  }
}
