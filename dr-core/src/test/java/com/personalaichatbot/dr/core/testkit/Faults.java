package com.personalaichatbot.dr.core.testkit;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The faults that are planted in one place, and how often each kind of call came by. */
final class Faults {

  private final List<Fault> planted = new CopyOnWriteArrayList<>();
  private final Map<Object, Integer> calls = new HashMap<>();

  Fault plant(Object call) {
    Fault fault = new Fault(call);
    planted.add(fault);
    return fault;
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
