package com.personalaichatbot.dr.examples.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;

/**
 * The end of the process when it is told to stop. The operation is interrupted, so that it can take
 * its temporary files away and say so; if it does not end soon, or is told twice, the process does.
 * Either way what was not committed does not exist.
 *
 * <p>Without this the JVM would end with the same codes but in the middle of a line. Signals have
 * no supported API in Java 17; where the usual one is missing, that is what happens.
 */
final class Interruption {
  private static final int TERMINATED = 143;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Thread operation;
  private volatile int exit;

  /** Will interrupt this thread. */
  Interruption(Thread operation) {
    this.operation = operation;
  }

  /** The exit code of the signal that came, 0 if none did. */
  int exit() {
    return exit;
  }

  /** From now on receives SIGINT and SIGTERM. */
  void listen() {
    try {
      listen("INT", Exit.INTERRUPTED);
      listen("TERM", TERMINATED);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // The JVM keeps its own way of ending, or was started with -Xrs.
    }
  }

  private void listen(String name, int code) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    MethodHandle stop = MethodHandles.insertArguments(
        MethodHandles.lookup().bind(this, "stop", MethodType.methodType(void.class, int.class)),
        0,
        code);
    Object ours = MethodHandleProxies.asInterfaceInstance(
        handler, MethodHandles.dropArguments(stop, 0, signal));
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
  }

  /** Runs on a thread of the signal's own. */
  void stop(int code) {
    boolean again = exit != 0;
    exit = code;
    if (!again) {
      operation.interrupt();
      try {
        operation.join(PATIENCE.toMillis());
      } catch (InterruptedException e) {
        // Then it has waited long enough.
      }
    }
    Runtime.getRuntime().halt(code);
  }
}
