package com.personalaichatbot.dr.examples.chatbot;

import com.personalaichatbot.dr.core.recovery.communication.Audience;
import com.personalaichatbot.dr.core.recovery.communication.Channel;
import com.personalaichatbot.dr.core.recovery.communication.CommunicationPlan;
import com.personalaichatbot.dr.core.recovery.communication.FolderChannel;
import com.personalaichatbot.dr.core.recovery.communication.MailChannel;
import com.personalaichatbot.dr.core.recovery.communication.SlackChannel;
import com.personalaichatbot.dr.core.recovery.communication.TeamsChannel;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The people who are told of a disaster, and the ways to them: by the channels that the environment
 * names ({@code SLACK_WEBHOOK}, {@code TEAMS_WEBHOOK}, or {@code SMTP_HOST} with {@code MAIL_FROM}
 * and {@code MAIL_TO}); and in any case by files in the folder {@code messages}. Of a breach only
 * the folder gets messages: whoever is in the system may read the others.
 */
final class People {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private People() {}

  static CommunicationPlan plan(Map<String, String> environment, Path state) {
    Channel folder = new FolderChannel(state.resolve("messages"));
    List<Channel> all = new ArrayList<>(List.of(folder));
    if (environment.containsKey("SLACK_WEBHOOK")) {
      all.add(new SlackChannel(URI.create(environment.get("SLACK_WEBHOOK")), PATIENCE));
    }
    if (environment.containsKey("TEAMS_WEBHOOK")) {
      all.add(new TeamsChannel(URI.create(environment.get("TEAMS_WEBHOOK")), PATIENCE));
    }
    if (environment.containsKey("SMTP_HOST")) {
      all.add(mail(environment));
    }
    CommunicationPlan plan = CommunicationPlan.recommended();
    for (Audience audience : Audience.values()) {
      plan = plan.withChannels(audience, all);
    }
    return plan.withRestrictedChannels(Audience.SECURITY, List.of(folder));
  }

  private static Channel mail(Map<String, String> environment) {
    MailChannel mail = new MailChannel(
        environment.get("SMTP_HOST"),
        Integer.parseInt(environment.getOrDefault("SMTP_PORT", "25")),
        null,
        null,
        environment.getOrDefault("MAIL_FROM", "chatbot@localhost"),
        List.of(environment.getOrDefault("MAIL_TO", "postmaster@localhost").split(",")),
        PATIENCE);
    return Boolean.parseBoolean(environment.get("SMTP_ALLOW_PLAINTEXT"))
        ? mail.allowingPlaintext()
        : mail;
  }
}
