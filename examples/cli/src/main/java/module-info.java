/** The operator's tool {@code dr}, for the hour in which the application itself cannot start. */
module com.personalaichatbot.dr.examples.cli {
  requires com.fasterxml.jackson.databind;
  requires com.personalaichatbot.dr.core;
  requires info.picocli;
  requires java.logging;
  requires jdk.unsupported;
  requires me.gosimple.nbvcxz;

  opens com.personalaichatbot.dr.examples.cli to
      info.picocli;
}
