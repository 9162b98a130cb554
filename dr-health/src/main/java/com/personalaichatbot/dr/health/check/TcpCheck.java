package com.personalaichatbot.dr.health.check;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthCheck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A TCP port that must accept connections within 5 s. */
public final class TcpCheck implements HealthCheck {

  private static final int CONNECT_MILLIS = 5_000;

  private final String host;
  private final int port;

  private TcpCheck(String host, int port) {
    this.host = host;
    this.port = port;
  }

  /**
   * Checks a port.
   *
   * @param host name or address; looked up at each run
   * @param port 1 to 65535
   * @return the check
   * @throws IllegalArgumentException if the port is out of range
   */
  public static TcpCheck of(String host, int port) {
    if (port < 1 || port > 65_535 || host.isBlank()) {
      throw new IllegalArgumentException("not a host and port: " + host + ":" + port);
    }
    return new TcpCheck(host, port);
  }

  @Override
  public CheckSettings settings() {
    return CheckSettings.DEFAULT.timeoutAfter(java.time.Duration.ofSeconds(8)).in(Health.READY);
  }

  @Override
  public CheckResult check() {
    String where = host + ":" + port;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return CheckResult.up(where + " accepts connections");
    } catch (IOException failure) {
      return CheckResult.down(
          "PORT_CLOSED",
          where + " does not accept connections: " + failure.getMessage(),
          "start what should listen there, or look at its log");
    }
  }
}
