package com.personalaichatbot.dr.core.internal.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailuresTest {

  @Test
  void messageOfAnyType_standsBehindItsType() {
    assertThat(Failures.message(new IOException("disk full"))).isEqualTo("IOException: disk full");
  }

  @Test
  void noMessage_isTheTypeAlone() {
    assertThat(Failures.message(new IllegalStateException())).isEqualTo("IllegalStateException");
    assertThat(Failures.message(new IOException(" "))).isEqualTo("IOException");
  }

  @Test
  void sentenceForPeople_isTheMessageAlone() {
    IOException ours = new SnapshotNotFoundException("snapshot x", "none exists", "list them");
    assertThat(Failures.message(ours)).isEqualTo("snapshot x: none exists");
    assertThat(Failures.message(new IOException("It is late."), IOException.class))
        .isEqualTo("It is late.");
  }

  @Test
  void wrappedByAnExecutor_isItsCause() {
    Exception wrapped = new ExecutionException(new IOException("disk full"));
    assertThat(Failures.message(wrapped)).isEqualTo("IOException: disk full");
  }
}
