package com.personalaichatbot.dr.core.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the picture of docs/architecture.md against the code: data flows one way, from scan to
 * catalog; the rooms above share an opened repository, and each plot is alone on them.
 */
class LayeringTest {

  private static final String BASE = "com.personalaichatbot.dr";
  private static final String CORE = BASE + ".core";
  private static final String FACADE = CORE + ".repository";
  private static final String INTERNAL = CORE + ".internal";
  private static final String RECOVERY = INTERNAL + ".recovery";
  private static final String ENGINE = INTERNAL + ".engine";
  private static final String HEALTH = BASE + ".health";
  private static final String PLANTED = CORE + ".arch.planted";

  /** How many classes may know each other in a circle. */
  private static final int RING = 5;

  /** The stages in the order in which a backup passes them. */
  private static final List<String> STAGES =
      List.of("scan", "chunk", "compress", "seal", "pack", "index", "catalog");

  /** What stages share; it knows no stage. */
  private static final String[] SUPPORT =
      internal("lock", "store", "format", "figures", "journal", "report", "archive");

  /** What plots share, lowest first: each knows the ones before it at most. */
  private static final List<String> SHARED = List.of("opening", "session", "read", "write");

  /** The plots, each a package; none knows another. */
  private static final List<String> PLOTS =
      List.of("backup", "restore", "verify", "prune", "archive", "copy", "keys");

  /** The rooms of a restore, lowest first; the plot itself is above them. */
  private static final List<String> RESTORE = List.of("exchange", "plan", "stage");

  /** The internals that recovery and checks may use: names, paths, own files, and hashes. */
  private static final String[] DOORS = {
    INTERNAL + ".store.PathRules",
    INTERNAL + ".store.Directories",
    INTERNAL + ".store.DurableFile",
    INTERNAL + ".store.StateDirectory",
    INTERNAL + ".format.Sha256",
    INTERNAL + ".format.RawName",
    INTERNAL + ".format.EntryType",
    INTERNAL + ".figures.ContentInspector",
    INTERNAL + ".report.Failures",
    INTERNAL + ".scan.NativeNames",
    INTERNAL + ".scan.SourceScan",
    INTERNAL + ".scan.TargetDirectories",
    INTERNAL + ".scan.ScannedEntry",
    INTERNAL + ".scan.ScanRules",
    INTERNAL + ".scan.ScanProblems",
    INTERNAL + ".scan.Listing",
  };

  /** The internals below the shared rooms that the façade may use. */
  private static final String[] FACADE_DOORS = {
    INTERNAL + ".catalog.Catalog",
    INTERNAL + ".catalog.History",
    INTERNAL + ".format.Bytes16",
    INTERNAL + ".format.EntryFile",
    INTERNAL + ".format.MarkRecord",
    INTERNAL + ".format.RepositoryFormat",
    INTERNAL + ".store.ProtectedPaths",
    INTERNAL + ".store.StateDirectory",
  };

  /** The internals that the hub may use: which path lies in which. */
  private static final String[] HUB_DOORS = {INTERNAL + ".store.PathRules"};

  /** Bytes in, bytes out. */
  private static final String[] PURE = internal("chunk", "compress", "format");

  private static JavaClasses main;
  private static JavaClasses health;
  private static JavaClasses tests;

  @BeforeAll
  static void readClasses() {
    main = new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages(CORE);
    health = new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages(HEALTH);
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

  static List<String> shared() {
    return SHARED;
  }

  @ParameterizedTest
  @MethodSource("shared")
  void shared_importsNoLaterRoom(String room) {
    check(noClasses()
        .that()
        .resideInAPackage(INTERNAL + "." + room + "..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(internal(after(SHARED, room)))));
  }

  @Test
  void engineAndWhatItShares_areImportedByTheFacadeOnly() {
    List<String> inside = new ArrayList<>(List.of(FACADE, ENGINE + ".."));
    inside.addAll(List.of(internal(SHARED.toArray(String[]::new))));
    check(noClasses()
        .that(resideOutsideOfPackages(inside.toArray(String[]::new)))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(inside.subList(1, inside.size()).toArray(String[]::new))));
    check(noClasses()
        .that()
        .resideInAnyPackage(internal(SHARED.toArray(String[]::new)))
        .should()
        .dependOnClassesThat(resideInAPackage(ENGINE + "..")));
  }

  @Test
  void engine_holdsPlotsOnly() {
    assertThat(main.stream().map(JavaClass::getPackageName)).doesNotContain(ENGINE);
  }

  @Test
  void plots_importNoOtherPlot() {
    assertThat(ClassGraph.ofPlots(main, ENGINE).dependencies()).isEmpty();
  }

  static List<String> restoreRooms() {
    return RESTORE;
  }

  @ParameterizedTest
  @MethodSource("restoreRooms")
  void restoreRoom_importsNoLaterRoom(String room) {
    List<String> later = new ArrayList<>(List.of(ENGINE + ".restore"));
    for (String other : after(RESTORE, room)) {
      later.add(ENGINE + ".restore." + other);
    }
    check(noClasses()
        .that()
        .resideInAPackage(ENGINE + ".restore." + room)
        .should()
        .dependOnClassesThat(resideInAnyPackage(later.toArray(String[]::new))));
  }

  @Test
  void recoveryAndChecks_importNamedInternalsOnly() {
    check(noClasses()
        .that()
        .resideInAnyPackage(CORE + ".recovery..", CORE + ".checks..")
        .should()
        .dependOnClassesThat(resideInAPackage(INTERNAL + "..")
            .and(resideOutsideOfPackages(INTERNAL + ".recovery.."))
            .and(not(outermostIn(DOORS)))));
  }

  @Test
  void facade_importsPlotsSharedRoomsAndNamedInternalsOnly() {
    List<String> open = new ArrayList<>(List.of(ENGINE + ".."));
    open.addAll(List.of(internal(SHARED.toArray(String[]::new))));
    check(noClasses()
        .that()
        .resideInAPackage(FACADE)
        .should()
        .dependOnClassesThat(resideInAPackage(INTERNAL + "..")
            .and(resideOutsideOfPackages(open.toArray(String[]::new)))
            .and(not(outermostIn(FACADE_DOORS)))));
  }

  /** The hub knows everybody, so nobody may know the hub. */
  @Test
  void facade_knowsNothingOfItsUsers_andNobodyKnowsTheHub() {
    check(noClasses()
        .that()
        .resideInAPackage(FACADE)
        .should()
        .dependOnClassesThat(resideInAnyPackage(CORE + ".recovery..", CORE + ".checks..")));
    check(noClasses()
        .that(resideOutsideOfPackages(CORE))
        .should()
        .dependOnClassesThat(resideInAPackage(CORE)));
  }

  @Test
  void hub_importsNamedInternalsOnly() {
    check(noClasses()
        .that()
        .resideInAPackage(CORE)
        .should()
        .dependOnClassesThat(resideInAPackage(INTERNAL + "..").and(not(outermostIn(HUB_DOORS)))));
  }

  @Test
  void internals_doNotImportTheFacade() {
    check(noClasses()
        .that(resideInAPackage(INTERNAL + "..").and(resideOutsideOfPackages(RECOVERY + "..")))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(CORE, FACADE, CORE + ".recovery..", CORE + ".checks..")));
  }

  /** A run uses the repository as an application does, and knows nothing of who begins it. */
  @Test
  void internalsOfRecovery_importTheirModelOnly() {
    check(noClasses()
        .that()
        .resideInAPackage(RECOVERY + "..")
        .should()
        .dependOnClassesThat(resideInAPackage(CORE + ".recovery..")
            .and(not(resideInAPackage(CORE + ".recovery.runbook")))
            .or(resideInAPackage(CORE + ".checks.."))));
    check(noClasses()
        .that()
        .resideInAPackage(RECOVERY + ".run")
        .should()
        .dependOnClassesThat(resideInAPackage(RECOVERY + ".scenario")));
  }

  @Test
  void internalsOfRecovery_areImportedByRecoveryOnly() {
    check(noClasses()
        .that(resideOutsideOfPackages(CORE + ".recovery", RECOVERY + ".."))
        .should()
        .dependOnClassesThat(resideInAPackage(RECOVERY + "..")));
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
  void health_isImportedByHubChecksAndRecoveryOnly() {
    check(noClasses()
        .that(resideOutsideOfPackages(
            CORE, CORE + ".checks..", CORE + ".recovery..", RECOVERY + ".."))
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
        .dependOnClassesThat(resideInAnyPackage(CORE, FACADE, INTERNAL + "..")));
  }

  @Test
  void packages_haveNoCycle() {
    assertThat(ClassGraph.ofPackages(main).cyclesOfMoreThan(1)).as("dr-core").isEmpty();
    assertThat(ClassGraph.ofPackages(health).cyclesOfMoreThan(1))
        .as("dr-health")
        .isEmpty();
  }

  /** A package test sees no circle within a package. */
  @Test
  void classes_haveNoCycleOfMoreThanFive() {
    assertThat(ClassGraph.ofTypes(main).cyclesOfMoreThan(RING)).as("dr-core").isEmpty();
    assertThat(ClassGraph.ofTypes(health).cyclesOfMoreThan(RING))
        .as("dr-health")
        .isEmpty();
  }

  @Test
  void classGraph_plantedCycles_areFound() {
    JavaClasses planted = new ClassFileImporter().importPackages(PLANTED);
    assertThat(ClassGraph.ofTypes(planted).cyclesOfMoreThan(RING))
        .singleElement()
        .satisfies(ring -> assertThat(ring)
            .hasSize(RING + 1)
            .allMatch(name -> name.startsWith(PLANTED + ".ring.")));
    assertThat(ClassGraph.ofTypes(planted).cyclesOfMoreThan(RING + 1)).isEmpty();
    assertThat(ClassGraph.ofPackages(planted).cyclesOfMoreThan(1))
        .containsExactly(
            new TreeSet<>(Set.of(PLANTED + ".engine.bake", PLANTED + ".engine.serve")));
    assertThat(ClassGraph.ofPlots(planted, PLANTED + ".engine").dependencies())
        .containsExactly("bake -> serve", "serve -> bake");
  }

  /** A rule about no classes would hold whatever the code is. */
  @Test
  void classGraph_seesTheClassesOfBothModules() {
    assertThat(ClassGraph.ofTypes(main).dependencies()).hasSizeGreaterThan(1000);
    assertThat(ClassGraph.ofTypes(health).dependencies()).hasSizeGreaterThan(50);
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
    for (String name : List.of(
        "component", "storage", "snapshot", "operation", "repository", "recovery", "checks")) {
      known.add(CORE + "." + name);
    }
    for (String name : List.of("objective", "schedule", "communication", "report")) {
      known.add(CORE + ".recovery." + name);
    }
    known.add(CORE + ".recovery.runbook");
    known.add(RECOVERY + ".run");
    known.add(RECOVERY + ".scenario");
    for (String name : STAGES) {
      known.add(INTERNAL + "." + name);
    }
    for (String name :
        List.of("lock", "store", "format", "figures", "journal", "report", "archive")) {
      known.add(INTERNAL + "." + name);
    }
    for (String name : SHARED) {
      known.add(INTERNAL + "." + name);
    }
    for (String name : PLOTS) {
      known.add(ENGINE + "." + name);
    }
    for (String name : RESTORE) {
      known.add(ENGINE + ".restore." + name);
    }
    assertThat(main.stream().map(JavaClass::getPackageName).distinct()).isSubsetOf(known);
  }

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

  /** The named classes, with what is nested in them. */
  private static DescribedPredicate<JavaClass> outermostIn(String... names) {
    Set<String> all = Set.of(names);
    return DescribedPredicate.describe(
        "are in one of " + all, c -> all.contains(c.getName().split("\\$")[0]));
  }

  private static String[] after(List<String> order, String one) {
    return order.subList(order.indexOf(one) + 1, order.size()).toArray(String[]::new);
  }

  private static String[] internal(String... names) {
    return Arrays.stream(names).map(n -> INTERNAL + "." + n + "..").toArray(String[]::new);
  }
}
