package com.personalaichatbot.dr.core.recovery.communication;

import com.personalaichatbot.dr.crypto.Secret;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.SocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mail, through an SMTP server. Needs {@code org.eclipse.angus:angus-mail} among the dependencies
 * of the application. Thread-safe.
 *
 * <p>TLS is required: port 465 speaks it from the beginning, any other port by STARTTLS, and a
 * server that does not offer it gets no mail. {@link #allowingPlaintext()} waives that. One
 * deadline covers the whole exchange with the server, however slowly it answers.
 */
public final class MailChannel implements Channel {
  private static final int IMPLICIT_TLS = 465;
  private static final Logger log = LoggerFactory.getLogger(MailChannel.class);

  private final String host;
  private final int port;
  private final String user;
  private final Secret password;
  private final InternetAddress from;
  private final InternetAddress[] to;
  private final Duration timeout;
  private final boolean plaintext;

  /**
   * Creates the channel.
   *
   * @param host of the server
   * @param port of it; 465 speaks TLS from the beginning, any other by STARTTLS
   * @param user null where the server asks for none
   * @param password null where the server asks for none; stays the caller's, who closes it later
   *     than this
   * @param from address of the sender
   * @param to addresses, at least one
   * @param timeout deadline for the whole exchange of one attempt; positive
   * @throws IllegalArgumentException if an address is not one of mail, or the timeout is not
   *     positive
   * @throws IllegalStateException if the library for mail is missing
   */
  public MailChannel(
      String host,
      int port,
      String user,
      Secret password,
      String from,
      List<String> to,
      Duration timeout) {
    requireLibrary();
    this.host = Objects.requireNonNull(host, "host");
    this.port = port;
    if (to.isEmpty()) {
      throw new IllegalArgumentException("mail goes to somebody: give an address");
    }
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("the timeout of mail is not positive");
    }
    this.user = user;
    this.password = password;
    this.from = address(from);
    this.to = to.stream().map(MailChannel::address).toArray(InternetAddress[]::new);
    this.timeout = timeout;
    this.plaintext = false;
  }

  private MailChannel(MailChannel channel, boolean plaintext) {
    this.host = channel.host;
    this.port = channel.port;
    this.user = channel.user;
    this.password = channel.password;
    this.from = channel.from;
    this.to = channel.to;
    this.timeout = channel.timeout;
    this.plaintext = plaintext;
  }

  /**
   * Allows a server that offers no TLS, as a relay on this machine does not. STARTTLS is still used
   * where it is offered, and a password is never sent without it.
   *
   * @return a changed copy
   */
  public MailChannel allowingPlaintext() {
    return new MailChannel(this, true);
  }

  private Properties properties(OpenSockets sockets) {
    boolean startTls = port != IMPLICIT_TLS;
    String millis = Long.toString(timeout.toMillis());
    Properties properties = new Properties();
    properties.setProperty("mail.transport.protocol", "smtp");
    properties.setProperty("mail.smtp.host", host);
    properties.setProperty("mail.smtp.port", Integer.toString(port));
    properties.setProperty("mail.smtp.connectiontimeout", millis);
    properties.setProperty("mail.smtp.timeout", millis);
    properties.setProperty("mail.smtp.ssl.enable", Boolean.toString(!startTls));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(startTls));
    properties.setProperty(
        "mail.smtp.starttls.required",
        Boolean.toString(startTls && (password != null || !plaintext)));
    properties.setProperty("mail.smtp.auth", Boolean.toString(password != null));
    properties.setProperty("mail.smtp.quitwait", "false");
    properties.put("mail.smtp.socketFactory", sockets);
    properties.setProperty("mail.smtp.socketFactory.fallback", "false");
    return properties;
  }

  private static void requireLibrary() {
    try {
      Class.forName("jakarta.mail.Session", false, MailChannel.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "mail needs a library: add the dependency org.eclipse.angus:angus-mail, and on the module"
              + " path 'requires jakarta.mail'",
          e);
    }
  }

  private static InternetAddress address(String text) {
    try {
      return new InternetAddress(text, true);
    } catch (MessagingException e) {
      throw new IllegalArgumentException("'" + text + "' is not a mail address", e);
    }
  }

  @Override
  public String name() {
    return "mail";
  }

  @Override
  public void send(Message message) throws DeliveryException {
    OpenSockets sockets = new OpenSockets();
    FutureTask<Void> exchange = new FutureTask<>(() -> {
      exchange(message, sockets);
      return null;
    });
    Thread thread = new Thread(exchange, "dr-mail");
    thread.setDaemon(true);
    thread.start();
    try {
      exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeliveryException("mail was interrupted", e);
    } catch (TimeoutException e) {
      throw new DeliveryException(
          "mail was not taken: no answer within " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new DeliveryException("mail was not taken: " + reason(cause), cause);
    } finally {
      // Whatever still waits for the server ends with its socket.
      sockets.close();
    }
  }

  private String reason(Throwable cause) {
    String name = cause.getClass().getSimpleName();
    return String.valueOf(cause.getMessage()).contains("STARTTLS is required")
        ? name + ": the server offers no STARTTLS; use port 465, or allowingPlaintext"
        : name;
  }

  private void exchange(Message message, OpenSockets sockets) throws MessagingException {
    Session session = Session.getInstance(properties(sockets));
    MimeMessage mail = new MimeMessage(session);
    mail.setFrom(from);
    mail.setRecipients(jakarta.mail.Message.RecipientType.TO, to);
    mail.setSubject(message.subject(), StandardCharsets.UTF_8.name());
    mail.setText(message.text(), StandardCharsets.UTF_8.name());
    mail.setHeader("X-Incident-Message", message.id());
    mail.saveChanges();
    try (Transport transport = session.getTransport()) {
      if (password == null) {
        transport.connect();
      } else {
        // The library takes a String only, which lives until it is collected.
        transport.connect(user, new String(password.copyBytes(), StandardCharsets.UTF_8));
      }
      transport.sendMessage(mail, to);
    }
  }

  /** Sockets of one exchange, so that its deadline can end it. */
  private static final class OpenSockets extends SocketFactory {
    private final List<Socket> sockets = new ArrayList<>();
    private boolean closed;

    private synchronized Socket opened(Socket socket) throws IOException {
      if (closed) {
        socket.close();
        throw new SocketException("the exchange is over");
      }
      sockets.add(socket);
      return socket;
    }

    synchronized void close() {
      closed = true;
      for (Socket socket : sockets) {
        try {
          socket.close();
        } catch (IOException e) {
          log.debug("A connection to the mail server was not closed cleanly", e);
        }
      }
    }

    @Override
    public Socket createSocket() throws IOException {
      return opened(new Socket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return opened(new Socket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return opened(new Socket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return opened(new Socket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return opened(new Socket(host, port, local, localPort));
    }
  }
}
