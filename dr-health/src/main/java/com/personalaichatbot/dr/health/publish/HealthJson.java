package com.personalaichatbot.dr.health.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckState;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.internal.json.Json;
import java.util.Map;

/**
 * Health as JSON that existing clients read: in the shape of Spring Boot Actuator, or in that of
 * MicroProfile Health. Immutable.
 *
 * <p>Actuator's shape is {@code status}, {@code components} and, for the whole, {@code groups}; a
 * component has {@code status}, {@code description} and {@code details}, and whatever those clients
 * do not know is in the details. MicroProfile knows only UP and DOWN: DEGRADED is UP there, UNKNOWN
 * and OUT_OF_SERVICE are DOWN, and our own word is the {@code level} in the data.
 */
public final class HealthJson {

  private static final HealthJson STATUS_ONLY = new HealthJson(false, false);
  private static final HealthJson FULL = new HealthJson(true, false);

  private final boolean full;
  private final boolean degradedAsUp;

  private HealthJson(boolean full, boolean degradedAsUp) {
    this.full = full;
    this.degradedAsUp = degradedAsUp;
  }

  /**
   * Shows nothing but the status of the whole and the names of the groups: for whoever is not
   * known.
   *
   * @return the form
   */
  public static HealthJson statusOnly() {
    return STATUS_ONLY;
  }

  /**
   * Shows every check with its details: for the operator.
   *
   * @return the form
   */
  public static HealthJson full() {
    return FULL;
  }

  /**
   * Shows DEGRADED as UP with {@code "level": "DEGRADED"} in the details, for clients that know
   * only Actuator's own words.
   *
   * @return a changed copy
   */
  public HealthJson degradedAsUp() {
    return new HealthJson(full, true);
  }

  /**
   * The HTTP status that fits: 503 for DOWN and OUT_OF_SERVICE, else 200; what is UNKNOWN is not
   * {@link Health#READY}, so there it is 503 as well.
   *
   * @param status the state of a whole or group
   * @param group the group's name; empty for the whole
   * @return 200 or 503
   */
  public static int httpStatus(Status status, String group) {
    return switch (status) {
      case UP, DEGRADED -> 200;
      case UNKNOWN -> group.equals(Health.READY) ? 503 : 200;
      case OUT_OF_SERVICE, DOWN -> 503;
    };
  }

  /**
   * In Actuator's shape.
   *
   * @param health a whole or a group
   * @return one JSON object
   */
  public String actuator(Health health) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("status", word(health.status()));
    if (full) {
      ObjectNode components = root.putObject("components");
      for (CheckState check : health.checks()) {
        ObjectNode component = components.putObject(check.name());
        component.put("status", word(check.status()));
        if (!check.latest().description().isEmpty()) {
          component.put("description", check.latest().description());
        }
        details(component.putObject("details"), check);
      }
    }
    if (!health.groups().isEmpty()) {
      ArrayNode groups = root.putArray("groups");
      health.groups().forEach(groups::add);
    }
    return text(root);
  }

  /**
   * In MicroProfile's shape.
   *
   * @param health a whole or a group
   * @return one JSON object
   */
  public String microProfile(Health health) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("status", upOrDown(health.status()));
    ArrayNode checks = root.putArray("checks");
    if (full) {
      for (CheckState check : health.checks()) {
        ObjectNode node = checks.addObject();
        node.put("name", check.name());
        node.put("status", upOrDown(check.status()));
        ObjectNode data = node.putObject("data");
        data.put("level", check.status().name());
        if (!check.latest().description().isEmpty()) {
          data.put("description", check.latest().description());
        }
        details(data, check);
      }
    }
    return text(root);
  }

  private String word(Status status) {
    return degradedAsUp && status == Status.DEGRADED ? Status.UP.name() : status.name();
  }

  private static String upOrDown(Status status) {
    return status == Status.UP || status == Status.DEGRADED ? "UP" : "DOWN";
  }

  private void details(ObjectNode details, CheckState check) {
    CheckResult latest = check.latest();
    for (Map.Entry<String, Object> detail : latest.details().entrySet()) {
      details.putPOJO(detail.getKey(), detail.getValue());
    }
    if (check.status() == Status.DEGRADED && degradedAsUp) {
      details.put("level", Status.DEGRADED.name());
    }
    details.put("code", latest.code());
    if (!latest.action().isEmpty()) {
      details.put("action", latest.action());
    }
    if (latest.status() != check.status()) {
      details.put("latest", latest.status().name());
    }
    details.put("weight", check.weight().name());
    details.put("since", check.since().toString());
    check.checkedAt().ifPresent(at -> details.put("checkedAt", at.toString()));
    details.put("durationMs", check.duration().toMillis());
  }

  private static String text(ObjectNode root) {
    try {
      return Json.MAPPER.writeValueAsString(root);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("scalars can always be written", impossible);
    }
  }
}
