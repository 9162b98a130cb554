/**
 * Ask the parts of a process and its data how they are, and decide how the whole is.
 *
 * <p>Of the JDK it needs {@code java.management} and {@code jdk.management}, which hold the figures
 * of the JVM itself, and {@code java.net.http} for the check of an HTTP endpoint. Everything
 * {@code static} here is used where it is present: {@code jdk.jfr} for events,
 * {@code com.networknt.schema} to apply a JSON Schema; and {@code jdk.httpserver} and
 * {@code micrometer.core} by the one class that is named after each in the package {@code publish}.
 */
module com.personalaichatbot.dr.health {
  requires com.fasterxml.jackson.databind;
  requires transitive java.management;
  requires java.net.http;
  requires jdk.management;
  requires org.apache.commons.io;
  requires static com.networknt.schema;
  requires static jdk.jfr;
  requires static transitive jdk.httpserver;
  requires static micrometer.core;

  exports com.personalaichatbot.dr.health;
  exports com.personalaichatbot.dr.health.check;
  exports com.personalaichatbot.dr.health.config;
  exports com.personalaichatbot.dr.health.deployment;
  exports com.personalaichatbot.dr.health.publish;
  exports com.personalaichatbot.dr.health.security;
  exports com.personalaichatbot.dr.health.trend;
}
