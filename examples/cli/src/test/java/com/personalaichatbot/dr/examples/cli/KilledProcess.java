package com.personalaichatbot.dr.examples.cli;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.Location;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.ClassPrepareRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The tool as a process of its own, killed at an exact line of the journal that it writes: a
 * debugger stops all its threads there, and SIGKILL ends it. Nothing in the tool knows of this.
 */
final class KilledProcess {
  private static final String JOURNAL =
      "com.personalaichatbot.dr.core.internal.recovery.run.RunJournal";

  private KilledProcess() {}

  /** The moment in the writing of a line. */
  enum Moment {
    /** What the line is about has happened, and nothing of the line is written. */
    BEFORE("append"),

    /** The line is on the disk; how many there are is not written yet. */
    WRITTEN("headOf");

    private final String method;

    Moment(String method) {
      this.method = method;
    }

    private boolean isHere(BreakpointEvent event) throws IncompatibleThreadStateException {
      return this == BEFORE
          || event.thread().frame(1).location().method().name().equals(BEFORE.method);
    }
  }

  /**
   * The end of a process.
   *
   * @param killed whether it came to that line
   * @param exit its exit code
   * @param out standard output
   * @param err standard error
   */
  record End(boolean killed, int exit, String out, String err) {}

  /** The acts while it is paused, before it is killed. */
  @FunctionalInterface
  interface Meanwhile {
    void act() throws Exception;
  }

  /** Runs the tool, and kills it when it comes to the line of this number, from 1. */
  static End run(List<String> arguments, int line, Moment moment, Meanwhile meanwhile)
      throws Exception {
    LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
    Map<String, Connector.Argument> given = connector.defaultArguments();
    given
        .get("main")
        .setValue(Dr.class.getName() + " "
            + arguments.stream().map(a -> '"' + a + '"').collect(Collectors.joining(" ")));
    given
        .get("options")
        .setValue(
            "-Duser.timezone=Pacific/Kiritimati -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -classpath \""
                + System.getProperty("java.class.path") + '"');
    VirtualMachine machine = connector.launch(given);
    Process process = machine.process();
    CompletableFuture<String> out = text(process.getInputStream());
    CompletableFuture<String> err = text(process.getErrorStream());
    ClassPrepareRequest loaded = machine.eventRequestManager().createClassPrepareRequest();
    loaded.addClassFilter(JOURNAL);
    loaded.enable();
    machine.resume();
    boolean killed = killAt(machine, line, moment, meanwhile);
    return new End(killed, process.waitFor(), out.get(), err.get());
  }

  private static boolean killAt(
      VirtualMachine machine, int line, Moment moment, Meanwhile meanwhile) throws Exception {
    int lines = 0;
    try {
      while (true) {
        EventSet events = machine.eventQueue().remove();
        for (Event event : events) {
          if (event instanceof ClassPrepareEvent prepared) {
            stopAt(prepared.referenceType(), moment);
          } else if (event instanceof BreakpointEvent stopped
              && moment.isHere(stopped)
              && ++lines == line) {
            meanwhile.act();
            machine.process().destroyForcibly().waitFor();
            return true;
          }
        }
        events.resume();
      }
    } catch (VMDisconnectedException e) {
      return false; // It came to its end.
    }
  }

  private static void stopAt(ReferenceType journal, Moment moment) {
    Location first = journal.methodsByName(moment.method).get(0).location();
    journal
        .virtualMachine()
        .eventRequestManager()
        .createBreakpointRequest(first)
        .enable();
  }

  private static CompletableFuture<String> text(InputStream stream) {
    return CompletableFuture.supplyAsync(() -> {
      try (stream) {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        return e.toString();
      }
    });
  }
}
