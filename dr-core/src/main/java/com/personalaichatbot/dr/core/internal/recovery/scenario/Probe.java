package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.check.HttpCheck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;

/** Looks whether an application answers, from outside, whatever its hooks say. */
public final class Probe {
  private static final int CONNECT_MILLIS = 1_000;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final URI address;
  private final HttpCheck page;

  public Probe(URI address) {
    this.address = address;
    this.page = HttpCheck.of(address);
  }

  /** Whether something listens there. */
  boolean isListening() {
    int port = address.getPort() >= 0
        ? address.getPort()
        : "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What it answers. */
  public CheckResult ask() {
    return page.check();
  }

  /** Whether it answers as it should. */
  public boolean answers() {
    Status status = ask().status();
    return status == Status.UP || status == Status.DEGRADED;
  }

  /** Waits until it answers as it should, and says what it answered last. */
  CheckResult awaitAnswer(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (true) {
      CheckResult result = ask();
      if (result.status() != Status.DOWN || System.nanoTime() - end >= 0) {
        return result;
      }
      Thread.sleep(PAUSE.toMillis());
    }
  }

  /** Waits until nothing listens there any more, and says whether that came. */
  boolean awaitSilence(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (isListening()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      Thread.sleep(PAUSE.toMillis());
    }
    return true;
  }
}
