package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.HeadChangedException;
import com.personalaichatbot.dr.core.operation.RepositoryExistsException;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RepositoryNotFoundException;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.operation.UnsupportedFormatException;
import com.personalaichatbot.dr.core.operation.WrongKeyException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new RepositoryNotFoundException("o", "p", "a"), 10),
        Arguments.of(new RepositoryLockedException("o", "p", "a"), 11),
        Arguments.of(new WrongKeyException("o", "p", "a"), 12),
        Arguments.of(new CorruptRepositoryException("o", "p", "a"), 13),
        Arguments.of(new HeadChangedException("o", "p", "a"), 13),
        Arguments.of(new UnsupportedFormatException("o", "p", "a"), 1),
        Arguments.of(new SnapshotNotFoundException("o", "p", "a"), 1),
        Arguments.of(new RepositoryExistsException("o", "p", "a"), 1),
        Arguments.of(new RestoreRefusedException("o", "p", "a"), 1),
        Arguments.of(new NoSuchFileException("o"), 1),
        Arguments.of(new IOException("p"), 1),
        Arguments.of(new IllegalStateException("p"), 1),
        Arguments.of(new IllegalArgumentException("p"), 64),
        Arguments.of(new OutOfMemoryError("p"), 1),
        Arguments.of(new StackOverflowError(), 1));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void of_failure_hasItsExit(Throwable failure, int exit) {
    assertThat(Failure.of(failure, "dr backup").exit()).isEqualTo(exit);
  }

  @Test
  void of_ownException_namesObjectAndAction() {
    assertThat(Failure.of(new WrongKeyException("keys/1", "it is wrong", "try again"), "dr ls"))
        .isEqualTo(new Failure(12, "keys/1: it is wrong", "keys/1", "Try again."));
  }

  @Test
  void of_fileException_saysWhatIsWrongWithTheFile() {
    assertThat(message(new NoSuchFileException("/x"))).isEqualTo("/x: no such file or directory");
    assertThat(message(new AccessDeniedException("/x"))).isEqualTo("/x: access is denied");
    assertThat(message(new FileSystemException("/x", null, "No space left on device")))
        .isEqualTo("/x: No space left on device");
  }

  @Test
  void of_fileException_saysWhatToDo() {
    assertThat(action(new AccessDeniedException("/x"))).contains("right");
    assertThat(action(new FileSystemException("/x", null, "No space left on device")))
        .contains("Make room", "dr prune");
    assertThat(action(new NoSuchFileException("/x"))).isEqualTo("Check the path.");
  }

  @Test
  void of_exceptionWithoutText_saysItsKind() {
    assertThat(message(new NullPointerException())).contains("NullPointerException");
    assertThat(message(new IOException())).contains("IOException");
  }

  @Test
  void exit_damageAndFailures_damageWins() {
    assertThat(Exit.of(false, List.of())).isEqualTo(0);
    assertThat(Exit.of(false, List.of("x"))).isEqualTo(3);
    assertThat(Exit.of(true, List.of("x"))).isEqualTo(13);
  }

  private static String action(Exception failure) {
    return Failure.of(failure, "dr ls").action();
  }

  private static String message(Exception failure) {
    return Failure.of(failure, "dr ls").message();
  }
}
