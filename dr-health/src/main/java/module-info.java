/**
 * Ask the parts of a process and its data how they are, and decide how the whole is.
 *
 * <p>Of the JDK it needs {@code java.management} and {@code jdk.management}, which hold the figures
 * of the JVM itself; {@code jdk.jfr} is used where it is present. A JSON Schema validator is used
 * by the validation of configurations where {@code com.networknt.schema} is present.
 */
module com.personalaichatbot.dr.health {
  requires com.fasterxml.jackson.databind;
  requires java.management;
  requires jdk.management;
  requires static com.networknt.schema;
  requires static jdk.jfr;

  exports com.personalaichatbot.dr.health;
  exports com.personalaichatbot.dr.health.check;
  exports com.personalaichatbot.dr.health.config;
  exports com.personalaichatbot.dr.health.security;
}
