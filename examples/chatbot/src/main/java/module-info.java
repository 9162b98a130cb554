/** A small HTTP chatbot that backs up, checks and restores itself. */
module com.personalaichatbot.dr.examples.chatbot {
  requires com.fasterxml.jackson.databind;
  requires com.personalaichatbot.dr.core;
  requires java.logging;
  requires java.net.http;
  requires jdk.httpserver;
}
