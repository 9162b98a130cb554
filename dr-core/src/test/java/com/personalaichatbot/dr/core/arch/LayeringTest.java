package com.personalaichatbot.dr.core.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the picture of docs/architecture.md against the code: data flows one way, from scan to
 * catalog, and only the engine knows all of it.
 */
class LayeringTest {

  private static final String BASE = "com.personalaichatbot.dr";
  private static final String CORE = BASE + ".core";
  private static final String INTERNAL = CORE + ".internal";
  private static final String ENGINE = INTERNAL + ".engine..";

  /** The stages in the order in which a backup passes them. */
  private static final List<String> STAGES =
      List.of("scan", "chunk", "compress", "seal", "pack", "index", "catalog");

  /** What stages share; it knows no stage. */
  private static final String[] SUPPORT =
      internal("lock", "store", "format", "figures", "journal", "report", "archive");

  /** One plot each, on what the engine's own package shares. */
  private static final List<String> PLOTS =
      List.of("backup", "restore", "verify", "prune", "archive", "copy");

  /** Bytes in, bytes out. */
  private static final String[] PURE = internal("chunk", "compress", "format");

  private static JavaClasses main;
  private static JavaClasses tests;

  @BeforeAll
  static void readClasses() {
    main = new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages(CORE);
    tests = new ClassFileImporter()
        .withImportOption(new ImportOption.OnlyIncludeTests())
        .importPackages(CORE);
  }

  static List<String> stages() {
    return STAGES;
  }

  @ParameterizedTest
  @MethodSource("stages")
  void stage_importsNoLaterStage(String stage) {
    String[] later =
        internal(STAGES.subList(STAGES.indexOf(stage) + 1, STAGES.size()).toArray(String[]::new));
    check(noClasses()
        .that()
        .resideInAPackage(INTERNAL + "." + stage + "..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(later)));
  }

  @Test
  void support_importsNoStage() {
    check(noClasses()
        .that()
        .resideInAnyPackage(SUPPORT)
        .should()
        .dependOnClassesThat(resideInAnyPackage(internal(STAGES.toArray(String[]::new)))));
  }

  @Test
  void engine_isImportedByTheFacadeOnly() {
    check(noClasses()
        .that(resideOutsideOfPackages(CORE, ENGINE))
        .should()
        .dependOnClassesThat(resideInAPackage(ENGINE)));
  }

  @Test
  void engine_knowsNoPlot() {
    check(noClasses()
        .that()
        .resideInAPackage(INTERNAL + ".engine")
        .should()
        .dependOnClassesThat(resideInAPackage(INTERNAL + ".engine.*..")));
  }

  @Test
  void internals_doNotImportTheFacade() {
    check(noClasses()
        .that()
        .resideInAPackage(INTERNAL + "..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(CORE, CORE + ".recovery..", CORE + ".checks..")));
  }

  @Test
  void pureStages_doNoIo_haveNoClock_writeNoLog() {
    check(noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat(resideInAnyPackage(
                "java.nio.file..", "java.nio.channels..", "java.net..", "org.slf4j..")
            .or(named(
                "java.io.File",
                "java.io.FileInputStream",
                "java.io.FileOutputStream",
                "java.io.RandomAccessFile",
                "java.time.Clock",
                "java.util.Timer")))
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis"));
  }

  @Test
  void health_isImportedByChecksAndRecoveryOnly() {
    check(noClasses()
        .that(resideOutsideOfPackages(CORE + ".checks..", CORE + ".recovery.."))
        .should()
        .dependOnClassesThat(resideInAPackage(BASE + ".health..")));
  }

  /** What is read, cut and compressed is not yet sealed: it needs ids at most, and no key. */
  @Test
  void stagesBeforeSeal_importNoCryptographyButIdsAndTheHashThatCuts() {
    check(noClasses()
        .that()
        .resideInAnyPackage(internal("scan", "chunk", "compress"))
        .should()
        .dependOnClassesThat(resideInAPackage(BASE + ".crypto..")
            .and(not(named(BASE + ".crypto.KeyedId")))
            .and(not(named(BASE + ".crypto.WindowHash")))));
  }

  @Test
  void componentAndStorage_importNothingOfOurs() {
    for (String end : List.of(CORE + ".component..", CORE + ".storage..")) {
      check(classes()
          .that()
          .resideInAPackage(end)
          .should()
          .onlyDependOnClassesThat(theirs().or(resideInAPackage(end))));
    }
  }

  /**
   * A listing that breaks off throws what nobody expects, or looks like a shorter one: directories
   * are listed where that is known.
   */
  @Test
  void directories_areListedByThoseWhoKnowHowAListingBreaksOff() {
    JavaClasses all = new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages(BASE);
    Set<String> listing =
        Set.of("newDirectoryStream", "list", "walk", "find", "listFiles", "listRoots");
    noClasses()
        .that(not(named(
            INTERNAL + ".store.Directories",
            CORE + ".storage.DirectoryTree", // May use nothing of ours.
            BASE + ".health.security.SecurityValidator",
            BASE + ".health.security.OpenFile", // A listing of its own process that ends early
            // fails.
            BASE + ".health.security.PosixRights"))) // Lists nothing: opens names below.
        .should()
        .accessTargetWhere(describe(
            "lists a directory by itself",
            call -> (call.getTargetOwner().isEquivalentTo(Files.class)
                    || call.getTargetOwner().isEquivalentTo(File.class))
                && listing.contains(call.getName())))
        .check(all);
  }

  @Test
  void snapshot_importsComponentAtMost() {
    check(classes()
        .that()
        .resideInAPackage(CORE + ".snapshot..")
        .should()
        .onlyDependOnClassesThat(
            theirs().or(resideInAnyPackage(CORE + ".snapshot..", CORE + ".component.."))));
  }

  @Test
  void operation_importsNoInternals() {
    check(noClasses()
        .that()
        .resideInAPackage(CORE + ".operation..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(CORE, INTERNAL + "..")));
  }

  @Test
  void packages_haveNoCycle() {
    check(slices().assignedFrom(EACH_PACKAGE).should().beFreeOfCycles());
  }

  @Test
  void testkit_importsExportedPackagesOnly() {
    noClasses()
        .that()
        .resideInAPackage(CORE + ".testkit..")
        .should()
        .dependOnClassesThat(resideInAPackage(INTERNAL + ".."))
        .allowEmptyShould(true)
        .check(tests);
  }

  /** The rules above name packages; a package that they do not know would escape them. */
  @Test
  void packages_areThoseOfThePicture() {
    List<String> known = new ArrayList<>(List.of(CORE));
    for (String name :
        List.of("component", "storage", "snapshot", "operation", "recovery", "checks")) {
      known.add(CORE + "." + name);
    }
    for (String name : List.of("objective", "schedule", "communication", "report")) {
      known.add(CORE + ".recovery." + name);
    }
    for (String name : STAGES) {
      known.add(INTERNAL + "." + name);
    }
    for (String name :
        List.of("engine", "lock", "store", "format", "figures", "journal", "report", "archive")) {
      known.add(INTERNAL + "." + name);
    }
    for (String name : PLOTS) {
      known.add(INTERNAL + ".engine." + name);
    }
    assertThat(main.stream().map(JavaClass::getPackageName).distinct()).isSubsetOf(known);
  }

  private static final SliceAssignment EACH_PACKAGE = new SliceAssignment() {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      return SliceIdentifier.of(javaClass.getPackageName());
    }

    @Override
    public String getDescription() {
      return "every package";
    }
  };

  /** A package may still be empty; a rule about it then holds. */
  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(main);
  }

  private static DescribedPredicate<JavaClass> theirs() {
    return resideOutsideOfPackages(BASE + "..");
  }

  private static DescribedPredicate<JavaClass> named(String... names) {
    Set<String> all = Set.of(names);
    return DescribedPredicate.describe("are one of " + all, c -> all.contains(c.getName()));
  }

  private static String[] internal(String... names) {
    return Arrays.stream(names).map(n -> INTERNAL + "." + n + "..").toArray(String[]::new);
  }
}
