/**
 * Turn an application's data into snapshots in a repository, and a snapshot back into a working
 * application, provably.
 */
module com.personalaichatbot.dr.core {
  exports com.personalaichatbot.dr.core;
  exports com.personalaichatbot.dr.core.checks;
  exports com.personalaichatbot.dr.core.component;
  exports com.personalaichatbot.dr.core.operation;
  exports com.personalaichatbot.dr.core.recovery;
  exports com.personalaichatbot.dr.core.recovery.communication;
  exports com.personalaichatbot.dr.core.recovery.objective;
  exports com.personalaichatbot.dr.core.recovery.report;
  exports com.personalaichatbot.dr.core.recovery.runbook;
  exports com.personalaichatbot.dr.core.recovery.schedule;
  exports com.personalaichatbot.dr.core.repository;
  exports com.personalaichatbot.dr.core.snapshot;
  exports com.personalaichatbot.dr.core.storage;

  requires com.fasterxml.jackson.databind;
  requires com.github.luben.zstd_jni;
  requires transitive com.personalaichatbot.dr.crypto;
  requires transitive com.personalaichatbot.dr.health;
  requires static jakarta.mail;
  requires java.net.http;
  requires jdk.jfr;
  requires org.apache.commons.compress;
  requires org.apache.commons.io;
  requires org.slf4j;
}
