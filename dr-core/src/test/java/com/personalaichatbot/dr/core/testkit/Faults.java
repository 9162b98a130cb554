package com.personalaichatbot.dr.core.testkit;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The faults that are planted in one place, and how often each kind of call came by. */
final class Faults {

  private final List<Fault> planted = new CopyOnWriteArrayList<>();
  private final List<Fault> everPlanted = new CopyOnWriteArrayList<>();
  private final Map<Object, Integer> calls = new HashMap<>();

  /** Plants one that strikes calls of a kind from now on. */
  Fault plant(Object call) {
    Fault fault = plantApart(call);
    planted.add(fault);
    return fault;
  }

  /** Plants one that strikes only where it is asked to by whoever planted it. */
  Fault plantApart(Object call) {
    Fault fault = new Fault(call);
    everPlanted.add(fault);
    return fault;
  }

  /** All that were ever planted, in order, with those that are gone since. */
  List<Fault> everPlanted() {
    return List.copyOf(everPlanted);
  }

  void clear() {
    planted.clear();
  }

  synchronized int calls(Object call) {
    return calls.getOrDefault(call, 0);
  }

  /** Does a call, or what the first fault that strikes it makes of it. */
  <T> T call(Object call, String name, Fault.Operation<T> operation) throws IOException {
    synchronized (this) {
      calls.merge(call, 1, Integer::sum);
    }
    for (Fault fault : planted) {
      if (fault.strikes(call, name)) {
        return fault.strike(operation);
      }
    }
    return operation.run();
  }
}
