package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.ListedEntry;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.RepositoryExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Some file systems keep 64 bits of seconds, more than the calendar of the JDK has. */
@ExtendWith(RepositoryExtension.class)
class BeyondTheCalendarTest {

  @ParameterizedTest
  @ValueSource(longs = {1L << 55, 1L << 62, Long.MAX_VALUE, -(1L << 55), Long.MIN_VALUE})
  void everyVerb_timeBeyondTheCalendar_goesOn(
      long seconds, BackupRepository repository, FaultyFileSystem files) throws IOException {
    Path data = Files.createDirectory(files.getPath("/data"));
    for (String name : List.of("file", "other")) {
      Files.writeString(data.resolve(name), name);
    }
    FileTime beyond = FileTime.from(seconds, TimeUnit.SECONDS);
    Files.setLastModifiedTime(data.resolve("file"), beyond);
    Component component = Component.directory("data", Kind.CUSTOM, data);
    BackupOptions manual = BackupOptions.of(Purpose.MANUAL);
    repository.backUp(List.of(component), manual);

    BackupReport report = repository.backUp(List.of(component), manual);

    assertThat(report).isComplete();
    Map<String, String> times = new HashMap<>();
    repository.list(
        report.snapshot().orElseThrow().id(),
        "data",
        (ListedEntry entry) -> times.put(
            entry.path(),
            entry.modified() + " " + entry.modified().truncatedTo(ChronoUnit.SECONDS)));
    assertThat(times).containsKeys("data/file", "data/other");
    assertThat(times.get("data/file")).contains(seconds > 0 ? "+1000000000-12-31" : "-1000000000-");
    repository.restore(
        repository.planRestore(RestoreRequest.to(Selector.LATEST, files.getPath("/to"))),
        List.of());
    assertThat(Files.readString(files.getPath("/to/data/file"))).isEqualTo("file");
  }
}
