package com.personalaichatbot.dr.core.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {

  @TempDir
  Path temp;

  /** The descriptors that the process has, and those that somebody asked for. */
  private final Map<Path, FileIdentity> table = new HashMap<>();

  private final Set<Path> asked = new HashSet<>();
  private final OpenFiles openFiles = new OpenFiles(this::readTable, false);

  private Map<Path, FileIdentity> readTable(Map<Path, FileIdentity> known) {
    Map<Path, FileIdentity> read = new HashMap<>(table);
    read.putAll(known);
    read.keySet().retainAll(table.keySet());
    asked.clear();
    asked.addAll(table.keySet());
    asked.removeAll(known.keySet());
    return read;
  }

  @Test
  void look_filesOpenedByOthers_areNamed() {
    FileIdentity file = new FileIdentity(1, 7);
    table.put(Path.of("0"), file);

    assertThat(look()).containsExactly(file);
  }

  private Set<FileIdentity> look() {
    try {
      return openFiles.look();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void look_filesOpenedByUsOnly_areNotNamed() throws Exception {
    Path path = Files.createFile(temp.resolve("a"));
    FileIdentity file = FileStat.read(path).identity();
    OpenFiles.Descriptor descriptor = openFiles.open(path, file, OpenFiles.Way.TO_READ);
    table.put(Path.of("3"), file);

    assertThat(look()).isEmpty();
    table.put(Path.of("4"), file);
    assertThat(look()).containsExactly(file);
    table.remove(Path.of("4"));
    assertThat(openFiles.close(List.of(descriptor))).isEmpty();
    assertThat(look()).containsExactly(file);
  }

  @Test
  void look_descriptorKnownToBeOurs_isNotAskedForAgain() throws Exception {
    Path path = Files.createFile(temp.resolve("a"));
    FileIdentity file = FileStat.read(path).identity();
    openFiles.open(path, file, OpenFiles.Way.TO_READ);
    table.put(Path.of("0"), new FileIdentity(1, 7));
    table.put(Path.of("3"), file);

    look();
    assertThat(asked).containsExactlyInAnyOrder(Path.of("0"), Path.of("3"));
    look();
    assertThat(asked).containsExactly(Path.of("0"));
  }

  /** The number of a descriptor that we closed is given to the next file that anybody opens. */
  @Test
  void look_numberOfAClosedDescriptor_isAskedForAgain() throws Exception {
    Path path = Files.createFile(temp.resolve("a"));
    FileIdentity file = FileStat.read(path).identity();
    OpenFiles.Descriptor descriptor = openFiles.open(path, file, OpenFiles.Way.TO_READ);
    table.put(Path.of("3"), file);
    look();
    assertThat(openFiles.close(List.of(descriptor))).isEmpty();
    FileIdentity database = new FileIdentity(1, 7);
    table.put(Path.of("3"), database);

    assertThat(look()).containsExactly(database);
  }

  /** It is the descriptor of one of the two, and the other may be the application's. */
  @Test
  void look_descriptorOfEitherOfTwoFiles_isAskedForEachTime() throws Exception {
    Path path = Files.createFile(temp.resolve("a"));
    FileIdentity before = new FileIdentity(1, 7);
    openFiles.open(path, before, OpenFiles.Way.TO_READ);
    table.put(Path.of("3"), before);
    table.put(Path.of("4"), FileStat.read(path).identity());

    look();
    look();
    assertThat(asked).containsExactlyInAnyOrder(Path.of("3"), Path.of("4"));
  }

  @Test
  void close_tableThatCannotBeRead_keepsAll() throws Exception {
    boolean[] broken = {true};
    OpenFiles unsure = new OpenFiles(
        known -> {
          if (broken[0]) {
            throw new IOException("no table");
          }
          return Map.of();
        },
        false);
    Path path = Files.writeString(temp.resolve("a"), "x");
    OpenFiles.Descriptor descriptor =
        unsure.open(path, FileStat.read(path).identity(), OpenFiles.Way.TO_READ);

    assertThatIOException()
        .isThrownBy(() -> unsure.close(List.of(descriptor)))
        .withMessage("no table");
    assertThat(descriptor.bytes().read()).isEqualTo('x');
    broken[0] = false;
    unsure.closeKept();
    assertThatIOException().isThrownBy(() -> descriptor.bytes().read());
  }

  /**
   * The path was taken by another file, which the application has open, at the moment of opening.
   */
  @Test
  void close_descriptorOfEitherOfTwoFiles_isKeptForBoth() throws Exception {
    Path path = Files.createFile(temp.resolve("a"));
    FileIdentity before = new FileIdentity(1, 7);
    FileIdentity after = FileStat.read(path).identity();
    for (FileIdentity foreign : List.of(before, after)) {
      table.clear();
      OpenFiles.Descriptor descriptor = openFiles.open(path, before, OpenFiles.Way.TO_READ);
      table.put(Path.of("3"), foreign);
      table.put(Path.of("4"), foreign);

      assertThat(openFiles.close(List.of(descriptor))).containsExactly(descriptor);
      table.remove(Path.of("4"));
      openFiles.closeKept();
      assertThatIOException().isThrownBy(() -> descriptor.bytes().read());
    }
  }

  @Test
  void open_symbolicLink_isNotFollowed() throws Exception {
    Path secret = Files.writeString(temp.resolve("secret"), "x");
    Path link = Files.createSymbolicLink(temp.resolve("link"), secret);

    assertThatIOException()
        .isThrownBy(
            () -> openFiles.open(link, FileStat.read(link).identity(), OpenFiles.Way.TO_READ));
  }

  @Test
  void seemsInUse_withoutATable_isTakenFromWhatStandsBesideIt() throws Exception {
    OpenFiles guessing = new OpenFiles(known -> Map.of(), true);
    for (String name :
        List.of("a.db", "a.db-wal", "b.db", "c.db-journal", "d", "d.lock", "e.lock")) {
      Files.createFile(temp.resolve(name));
    }

    assertThat(guessing.seemsInUse(temp.resolve("a.db"))).isTrue();
    assertThat(guessing.seemsInUse(temp.resolve("a.db-wal"))).isTrue();
    assertThat(guessing.seemsInUse(temp.resolve("b.db"))).isFalse();
    assertThat(guessing.seemsInUse(temp.resolve("c.db-journal"))).isFalse();
    assertThat(guessing.seemsInUse(temp.resolve("d"))).isTrue();
    assertThat(guessing.seemsInUse(temp.resolve("e.lock"))).isFalse();
    assertThat(openFiles.seemsInUse(temp.resolve("a.db"))).isFalse();
  }
}
