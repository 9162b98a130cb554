package com.personalaichatbot.dr.core.recovery.communication;

import com.personalaichatbot.dr.crypto.Secret;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/**
 * Mail, through an SMTP server. Needs {@code org.eclipse.angus:angus-mail} among the dependencies
 * of the application. Thread-safe.
 */
public final class MailChannel implements Channel {
  private final Properties properties = new Properties();
  private final InternetAddress from;
  private final InternetAddress[] to;
  private final String user;
  private final Secret password;

  /**
   * @param host of the server
   * @param port of it; 465 speaks TLS from the beginning, any other by STARTTLS where offered, and
   *     always where there is a password
   * @param user null where the server asks for none
   * @param password null where the server asks for none; stays the caller's, who closes it later
   *     than this
   * @param from address of the sender
   * @param to addresses, at least one
   * @param timeout for connecting, and for each answer
   * @throws IllegalArgumentException if an address is none
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
    Objects.requireNonNull(host, "host");
    if (to.isEmpty()) {
      throw new IllegalArgumentException("mail goes to somebody: give an address");
    }
    this.user = user;
    this.password = password;
    this.from = address(from);
    this.to = to.stream().map(MailChannel::address).toArray(InternetAddress[]::new);
    String millis = Long.toString(timeout.toMillis());
    properties.setProperty("mail.transport.protocol", "smtp");
    properties.setProperty("mail.smtp.host", host);
    properties.setProperty("mail.smtp.port", Integer.toString(port));
    properties.setProperty("mail.smtp.connectiontimeout", millis);
    properties.setProperty("mail.smtp.timeout", millis);
    properties.setProperty("mail.smtp.writetimeout", millis);
    properties.setProperty("mail.smtp.ssl.enable", Boolean.toString(port == 465));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    properties.setProperty("mail.smtp.starttls.enable", "true");
    properties.setProperty(
        "mail.smtp.starttls.required", Boolean.toString(password != null && port != 465));
    properties.setProperty("mail.smtp.auth", Boolean.toString(password != null));
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
      throw new IllegalArgumentException("'" + text + "' is no mail address", e);
    }
  }

  @Override
  public String name() {
    return "mail";
  }

  @Override
  public void send(Message message) throws DeliveryException {
    try {
      Session session = Session.getInstance(properties);
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
    } catch (MessagingException e) {
      throw new DeliveryException("mail was not taken: " + e.getClass().getSimpleName(), e);
    }
  }
}
