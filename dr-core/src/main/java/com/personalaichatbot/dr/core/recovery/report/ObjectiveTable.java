package com.personalaichatbot.dr.core.recovery.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.personalaichatbot.dr.core.recovery.objective.Objective;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveState;
import java.util.List;

/** A table of the promises beside what is measured. */
final class ObjectiveTable {
  private ObjectiveTable() {}

  static void write(Html html, List<ObjectiveResult> objectives) {
    html.element("h2", "Objectives");
    html.table("objective", "state", "target", "measured", "expected", "why");
    for (ObjectiveResult result : objectives) {
      html.beginRow().cell(name(result.objective()));
      html.beginCell().badge(tone(result.state()), result.state().name().replace('_', ' '));
      html.close();
      html.cell(Html.words(result.objective().target()))
          .cell(result.measured().map(Html::words).orElse("–"))
          .cell(result.predicted().map(Html::words).orElse("–"))
          .cell(result.reason())
          .close();
    }
    html.endTable();
  }

  private static String name(Objective objective) {
    return objective.kind() + " " + objective.scope();
  }

  private static StatusColor tone(ObjectiveState state) {
    return switch (state) {
      case COMPLIANT -> StatusColor.GOOD;
      case AT_RISK -> StatusColor.WARNING;
      case UNPROVEN -> StatusColor.UNKNOWN;
      case BREACHED -> StatusColor.BAD;
    };
  }

  static void json(ArrayNode array, List<ObjectiveResult> objectives) {
    for (ObjectiveResult result : objectives) {
      array
          .addObject()
          .put("component", result.objective().scope())
          .put("kind", result.objective().kind().name())
          .put("targetMillis", result.objective().target().toMillis())
          .put("measuredMillis", Json.millis(result.measured()))
          .put("predictedMillis", Json.millis(result.predicted()))
          .put("state", result.state().name())
          .put("reason", result.reason());
    }
  }
}
