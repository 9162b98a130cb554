package com.personalaichatbot.dr.core.functional;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The lines that the library logs in these tests: nowhere, or while a test records to a list, every
 * level of it.
 */
public final class LoggedLines implements SLF4JServiceProvider {
  private static final Queue<String> LINES = new ConcurrentLinkedQueue<>();
  private static volatile boolean recording;

  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new NOPMDCAdapter();

  /** From now on every line is kept. */
  static void record() {
    LINES.clear();
    recording = true;
  }

  /** What was logged since; no more is kept. */
  static List<String> stop() {
    recording = false;
    return List.copyOf(LINES);
  }

  private static final class Recorder extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    Recorder(String name) {
      this.name = name;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level, Marker marker, String message, Object[] arguments, Throwable thrown) {
      String text = MessageFormatter.basicArrayFormat(message, arguments);
      LINES.add(level + " " + name + " " + text + (thrown == null ? "" : " " + thrown));
    }

    @Override
    protected String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    public boolean isTraceEnabled() {
      return recording;
    }

    @Override
    public boolean isDebugEnabled() {
      return recording;
    }

    @Override
    public boolean isInfoEnabled() {
      return recording;
    }

    @Override
    public boolean isWarnEnabled() {
      return recording;
    }

    @Override
    public boolean isErrorEnabled() {
      return recording;
    }
  }

  @Override
  public void initialize() {}

  @Override
  public ILoggerFactory getLoggerFactory() {
    return LoggedLines::logger;
  }

  private static Logger logger(String name) {
    return new Recorder(name);
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }
}
