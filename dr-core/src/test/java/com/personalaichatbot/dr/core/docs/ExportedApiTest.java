package com.personalaichatbot.dr.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compares the exported API with its listing {@code docs/api.txt}, so that no change of it goes
 * unseen. {@code -Ddr.api=write} writes the listing.
 */
class ExportedApiTest {
  private static final Path LISTING = Checkout.ROOT.resolve("docs/api.txt");
  private static final Pattern EXPORTS = Pattern.compile("exports ([\\w.]+);");

  @Test
  void exportedApi_isTheOneThatIsListed() throws IOException {
    String now = String.join("\n", listing()) + "\n";
    if ("write".equals(System.getProperty("dr.api"))) {
      Files.writeString(LISTING, now);
    }
    assertThat(now)
        .as("the exported API; if the change is meant, write docs/api.txt again (CONTRIBUTING.md)")
        .isEqualTo(Files.readString(LISTING));
  }

  private static List<String> listing() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String module : List.of("dr-core", "dr-crypto", "dr-health")) {
      Set<String> exported = exported(module);
      JavaClasses classes = new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(exported);
      Set<String> ofModule = classes.stream()
          .filter(c -> exported.contains(c.getPackageName()) && isVisible(c))
          .map(JavaClass::getName)
          .collect(Collectors.toCollection(TreeSet::new));
      for (String name : ofModule) {
        lines.add(name + ": " + kind(classes.get(name)));
        members(classes.get(name)).forEach(member -> lines.add("  " + member));
      }
    }
    return lines;
  }

  private static Set<String> exported(String module) throws IOException {
    Matcher exports = EXPORTS.matcher(
        Files.readString(Checkout.ROOT.resolve(module + "/src/main/java/module-info.java")));
    Set<String> packages = new TreeSet<>();
    while (exports.find()) {
      packages.add(exports.group(1));
    }
    return packages;
  }

  private static boolean isVisible(JavaClass type) {
    return isVisible(type.getModifiers())
        && !type.isAnonymousClass()
        && type.getEnclosingClass().map(ExportedApiTest::isVisible).orElse(true);
  }

  private static boolean isVisible(Set<JavaModifier> modifiers) {
    return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
        && !modifiers.contains(JavaModifier.SYNTHETIC)
        && !modifiers.contains(JavaModifier.BRIDGE);
  }

  private static String kind(JavaClass type) {
    String kind = type.isAnnotation()
        ? "annotation"
        : type.isInterface()
            ? "interface"
            : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    boolean isFinal = type.getModifiers().contains(JavaModifier.FINAL);
    boolean isAbstract = type.getModifiers().contains(JavaModifier.ABSTRACT);
    String shape = kind.equals("class") ? isFinal ? "final " : isAbstract ? "abstract " : "" : "";
    Optional<String> above =
        type.getRawSuperclass().map(JavaClass::getName).filter(n -> !n.startsWith("java.lang."));
    String interfaces = type.getRawInterfaces().stream()
        .map(JavaClass::getName)
        .sorted()
        .collect(Collectors.joining(", "));
    return shape
        + kind
        + above.map(n -> " extends " + n).orElse("")
        + (interfaces.isEmpty() ? "" : " implements " + interfaces);
  }

  private static Set<String> members(JavaClass type) {
    Set<String> members = new TreeSet<>();
    for (JavaField field : type.getFields()) {
      if (isVisible(field.getModifiers())) {
        members.add(shape(field.getModifiers()) + field.getName() + ": "
            + field.getType().getName());
      }
    }
    Stream.<JavaCodeUnit>concat(type.getConstructors().stream(), type.getMethods().stream())
        .filter(m -> isVisible(m.getModifiers()))
        .forEach(m -> members.add(shape(m.getModifiers()) + m.getName() + "("
            + m.getParameterTypes().stream().map(p -> p.getName()).collect(Collectors.joining(", "))
            + "): " + m.getReturnType().getName()
            + m.getThrowsClause().getTypes().stream()
                .map(JavaClass::getName)
                .collect(Collectors.collectingAndThen(
                    Collectors.joining(", "), t -> t.isEmpty() ? "" : " throws " + t))));
    return members;
  }

  private static String shape(Set<JavaModifier> modifiers) {
    return (modifiers.contains(JavaModifier.PROTECTED) ? "protected " : "")
        + (modifiers.contains(JavaModifier.STATIC) ? "static " : "")
        + (modifiers.contains(JavaModifier.ABSTRACT) ? "abstract " : "");
  }
}
