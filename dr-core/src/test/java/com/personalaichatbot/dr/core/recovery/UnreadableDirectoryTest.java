package com.personalaichatbot.dr.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.personalaichatbot.dr.core.internal.recovery.run.Journals;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A directory that cannot be looked at is an error, and never nothing. */
@Timeout(60)
class UnreadableDirectoryTest {
  @TempDir
  private Path temp;

  private FaultyFileSystem files;
  private Journals journals;

  @BeforeEach
  void make() {
    files = new FaultyFileSystem(temp.getFileSystem());
    journals = new Journals(files.path(temp), null, new SecureRandom());
  }

  @ParameterizedTest
  @EnumSource(names = {"LIST", "LIST_NEXT"})
  void runs_directoryCannotBeListed_isAnError(FileCall call) throws IOException {
    Files.createFile(temp.resolve("20260101-000000-0000.journal"));
    Fault fault = files.fail(call).of(temp.toString());

    assertThatIOException().isThrownBy(journals::all);

    assertThat(fault.fired()).isTrue();
  }

  @Test
  void newIncident_namesCannotBeLookedAt_isAnErrorAndNoEndlessSearch() {
    files.fail(FileCall.ATTRIBUTES);
    files.fail(FileCall.ACCESS);

    assertThatIOException().isThrownBy(() -> journals.newIncident(Instant.EPOCH));
  }
}
