package com.personalaichatbot.dr.health.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;

/**
 * The only class that knows the optional validator. Nothing is fetched: what is not in the schema
 * itself does not exist.
 */
final class SchemaCheck {

  /** One broken rule: where, and which keyword of the schema. */
  record Violation(String at, String keyword) {}

  private SchemaCheck() {}

  static List<Violation> run(JsonNode schema, JsonNode document) {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12,
        builder -> builder.schemaLoader(loader -> loader.fetchRemoteResources(false)));
    try {
      return registry.getSchema(schema).validate(document).stream()
          .map(error -> new Violation(at(error), error.getKeyword()))
          .toList();
    } catch (SchemaException broken) {
      return List.of(new Violation("", "$schema"));
    }
  }

  private static String at(Error error) {
    String at = error.getInstanceLocation().toString();
    return "required".equals(error.getKeyword()) ? at + "/" + error.getProperty() : at;
  }
}
