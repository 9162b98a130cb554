package com.personalaichatbot.dr.health;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The events of a flight recording. Touches {@code jdk.jfr} only where the run time has it. */
final class HealthEvents {

  private static final boolean AVAILABLE =
      ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private HealthEvents() {}

  /** Opens the record of a run; close it with {@link #ran}. Null without {@code jdk.jfr}. */
  static Object begin() {
    if (!AVAILABLE) {
      return null;
    }
    CheckRun event = new CheckRun();
    event.begin();
    return event;
  }

  static void ran(Object begun, String check, CheckResult result) {
    if (begun == null) {
      return;
    }
    CheckRun event = (CheckRun) begun;
    event.end();
    if (event.shouldCommit()) {
      event.check = check;
      event.status = result.status().name();
      event.code = result.code();
      event.commit();
    }
  }

  static void changed(CheckState state, Status from) {
    if (!AVAILABLE) {
      return;
    }
    StatusChange event = new StatusChange();
    if (event.shouldCommit()) {
      event.check = state.name();
      event.from = from.name();
      event.to = state.status().name();
      event.code = state.latest().code();
      event.description = state.latest().description();
      event.commit();
    }
  }

  @Name("dr.HealthCheck")
  @Label("Health Check")
  @Category({"Disaster Recovery"})
  @Description("One run of a health check")
  @StackTrace(false)
  static final class CheckRun extends Event {
    @Label("Check")
    String check;

    @Label("Status")
    String status;

    @Label("Code")
    String code;
  }

  @Name("dr.HealthChange")
  @Label("Health Change")
  @Category({"Disaster Recovery"})
  @Description("A health check changed its state")
  @StackTrace(false)
  static final class StatusChange extends Event {
    @Label("Check")
    String check;

    @Label("From")
    String from;

    @Label("To")
    String to;

    @Label("Code")
    String code;

    @Label("Description")
    String description;
  }
}
