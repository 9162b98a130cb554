package com.personalaichatbot.dr.examples.embedding;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import java.io.IOException;
import java.util.List;

/** The pantry's provisions for disasters. */
record PantryRecovery(Pantry pantry, DisasterRecovery recovery) {
  static List<Component> components(Pantry pantry) {
    return List.of(Component.directory("shelf", Kind.STATE, pantry.shelf()));
  }

  /** Takes a snapshot and reads it back; one of damaged items is never the latest good one. */
  void backUp() throws IOException {
    recovery.backUp(pantry.damaged().isEmpty() ? Purpose.SCHEDULED : Purpose.QUARANTINE);
    recovery.verify();
  }

  /** Brings damaged items, and only those, back from the latest good; gives what stays damaged. */
  List<String> recover() throws IOException {
    List<String> globs = pantry.damaged().stream().map(item -> "/shelf/" + item).toList();
    if (!globs.isEmpty()) {
      RestoreRequest items = RestoreRequest.inPlace(Selector.LATEST_GOOD).withIncludes(globs);
      recovery.restore(recovery.repository().planRestore(items));
    }
    return pantry.damaged();
  }
}
