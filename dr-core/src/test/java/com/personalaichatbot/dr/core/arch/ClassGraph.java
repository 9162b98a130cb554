package com.personalaichatbot.dr.core.arch;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The dependencies between groups of classes, such as packages or plots. */
final class ClassGraph {
  private final SortedMap<String, SortedSet<String>> edges = new TreeMap<>();
  private final Map<String, Integer> order = new HashMap<>();
  private final Map<String, Integer> lowest = new HashMap<>();
  private final Deque<String> open = new ArrayDeque<>();
  private final List<SortedSet<String>> cycles = new ArrayList<>();

  private ClassGraph() {}

  /** The graph of top-level types: a nested type counts as the one that it is in. */
  static ClassGraph ofTypes(JavaClasses classes) {
    return of(classes, javaClass -> Optional.of(topLevel(javaClass).getName()));
  }

  static ClassGraph ofPackages(JavaClasses classes) {
    return of(classes, javaClass -> Optional.of(javaClass.getPackageName()));
  }

  /** The graph of the plots below a package: what lies deeper belongs to the plot above it. */
  static ClassGraph ofPlots(JavaClasses classes, String engine) {
    return of(classes, javaClass -> {
      String name = javaClass.getPackageName();
      return name.startsWith(engine + ".")
          ? Optional.of(name.substring(engine.length() + 1).split("\\.")[0])
          : Optional.empty();
    });
  }

  private static ClassGraph of(JavaClasses classes, Function<JavaClass, Optional<String>> groupOf) {
    ClassGraph graph = new ClassGraph();
    for (JavaClass from : classes) {
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        JavaClass to = dependency.getTargetClass().getBaseComponentType();
        Optional<String> a = groupOf.apply(from);
        Optional<String> b = classes.contain(to.getName()) ? groupOf.apply(to) : Optional.empty();
        if (a.isPresent() && b.isPresent() && !a.equals(b)) {
          graph.edges.computeIfAbsent(a.get(), group -> new TreeSet<>()).add(b.get());
        }
      }
    }
    return graph;
  }

  private static JavaClass topLevel(JavaClass javaClass) {
    JavaClass top = javaClass;
    while (top.getEnclosingClass().isPresent()) {
      top = top.getEnclosingClass().get();
    }
    return top;
  }

  /** Every dependency between two groups, as {@code from -> to}. */
  List<String> dependencies() {
    List<String> all = new ArrayList<>();
    edges.forEach((from, targets) -> targets.forEach(to -> all.add(from + " -> " + to)));
    return all;
  }

  /** The cycles of more than so many groups, each with all groups that reach one another. */
  List<SortedSet<String>> cyclesOfMoreThan(int size) {
    order.clear();
    lowest.clear();
    cycles.clear();
    for (String group : edges.keySet()) {
      if (!order.containsKey(group)) {
        visit(group);
      }
    }
    return cycles.stream().filter(cycle -> cycle.size() > size).toList();
  }

  /** Tarjan's search for strongly connected components. */
  private void visit(String group) {
    order.put(group, order.size());
    lowest.put(group, order.get(group));
    open.push(group);
    for (String next : edges.getOrDefault(group, new TreeSet<>())) {
      if (!order.containsKey(next)) {
        visit(next);
        lowest.merge(group, lowest.get(next), Math::min);
      } else if (open.contains(next)) {
        lowest.merge(group, order.get(next), Math::min);
      }
    }
    if (lowest.get(group).equals(order.get(group))) {
      SortedSet<String> cycle = new TreeSet<>();
      String member;
      do {
        member = open.pop();
        cycle.add(member);
      } while (!member.equals(group));
      cycles.add(cycle);
    }
  }
}
