package com.personalaichatbot.dr.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.personalaichatbot.dr.core.testkit.RepositoryExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/**
 * The tests of this application are a user's: they are compiled against the jars that are
 * published, and what they need must be in these. Where nothing was packaged, as by {@code mvn
 * test}, there is nothing to look at.
 */
class PublishedTestKitTest {
  @Test
  void jar_holdsTheTestKitAndNoneOfItsTests() throws Exception {
    Path place = Path.of(RepositoryExtension.class
        .getProtectionDomain()
        .getCodeSource()
        .getLocation()
        .toURI());
    assumeThat(place).isRegularFile();

    try (JarFile jar = new JarFile(place.toFile())) {
      List<String> classes =
          jar.stream().map(ZipEntry::getName).filter(n -> n.endsWith(".class")).toList();
      assertThat(classes)
          .contains("com/personalaichatbot/dr/core/testkit/StorageContract.class")
          .allMatch(name -> name.startsWith("com/personalaichatbot/dr/core/testkit/"))
          .filteredOn(name -> name.matches(".*Test(\\$.*)?\\.class"))
          .containsExactly("com/personalaichatbot/dr/core/testkit/DrillTest.class");
      assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
          .isEqualTo("com.personalaichatbot.dr.core.testkit");
    }
  }
}
