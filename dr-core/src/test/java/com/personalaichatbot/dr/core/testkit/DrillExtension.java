package com.personalaichatbot.dr.core.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The extension behind {@link DrillTest}: gives the test its rehearsal, and insists on a drill. */
final class DrillExtension implements ParameterResolver, AfterEachCallback {

  private static final Namespace NAMESPACE = Namespace.create(DrillExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Rehearsal.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Given.class, type -> new Given(context), Given.class)
        .rehearsal;
  }

  private static DrillTest promise(ExtensionContext context) {
    return context.getRequiredTestMethod().getAnnotation(DrillTest.class);
  }

  private static Duration rto(DrillTest promise) {
    try {
      Duration rto = Duration.parse(promise.rto());
      if (!rto.isZero() && !rto.isNegative()) {
        return rto;
      }
    } catch (DateTimeParseException e) {
      // Said below.
    }
    throw new ExtensionConfigurationException("rto = \"" + promise.rto()
        + "\" is no duration of more than zero: write it as PT4H or PT30M");
  }

  /** Fails a test that held no drill, unless it failed before. */
  @Override
  public void afterEach(ExtensionContext context) {
    Given given = context.getStore(NAMESPACE).get(Given.class, Given.class);
    if (context.getExecutionException().isEmpty()
        && (given == null || given.rehearsal.held() == 0)) {
      throw new AssertionError(
          "no drill was held: take a Rehearsal as a parameter, and call its method hold");
    }
  }

  /** The things that one test is given. */
  private static final class Given implements AutoCloseable {
    private final Path directory;
    private final Rehearsal rehearsal;

    Given(ExtensionContext context) {
      DrillTest promise = promise(context);
      Duration rto = rto(promise);
      try {
        directory = Files.createTempDirectory("drill-test-");
      } catch (IOException e) {
        throw new UncheckedIOException("the drill has no place", e);
      }
      rehearsal = new Rehearsal(
          promise.drill(),
          rto,
          directory,
          repository -> RepositoryExtension.placeOf(repository, context).orElse(directory));
    }

    @Override
    public void close() throws IOException {
      List<Path> all;
      try (Stream<Path> walk = Files.walk(directory)) {
        all = walk.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : all) {
        Files.delete(path);
      }
    }
  }
}
