package com.personalaichatbot.dr.core.recovery.communication;

import com.personalaichatbot.dr.core.recovery.runbook.RunListener;
import com.personalaichatbot.dr.core.recovery.runbook.RunMessage;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Urgency;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.HealthCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link CommunicationPlan} while incidents are open: is told of each run, writes the
 * messages from it, and sends each when it is due, through all channels of its audience at the same
 * time. A channel that does not take a message is tried again, at growing intervals or when it asks
 * for. What was sent is remembered across restarts, so that nobody gets the same message twice.
 *
 * <p>Every message is also left in the folder {@code messages} of the state directory. Nothing is
 * sent in a drill or a dry run. Of a breach only those with restricted channels are told, and
 * through these alone.
 *
 * <p>The clock of the plan is driven by {@link #sendDue}, which the application calls every half
 * minute or has a schedule call. Thread-safe.
 */
public final class Communication implements RunListener {
  private static final Logger log = LoggerFactory.getLogger(Communication.class);
  private static final Duration TEST_VALID = Duration.ofDays(35);

  private final CommunicationPlan plan;
  private final Clock clock;
  private final Executor executor;
  private final FolderChannel folder;
  private final DeliveryLog file;
  private final List<Delivery> deliveries;
  private final Map<String, RunReport> runs = new LinkedHashMap<>();

  /**
   * Begins to keep a plan, where it was left.
   *
   * @param state the client's state directory, the same as the repository's
   * @param executor sends to several channels at the same time; {@code Runnable::run} sends to one
   *     after the other
   * @throws IOException if the record of messages in the state directory cannot be read
   */
  public Communication(CommunicationPlan plan, Path state, Clock clock, Executor executor)
      throws IOException {
    this.plan = Objects.requireNonNull(plan, "plan");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.executor = Objects.requireNonNull(executor, "executor");
    this.folder = new FolderChannel(state.resolve("messages"));
    this.file = new DeliveryLog(state.resolve("messages.json"));
    this.deliveries = file.read();
  }

  /** The plan that is kept. */
  public CommunicationPlan plan() {
    return plan;
  }

  @Override
  public void changed(RunReport run) {
    if (run.mode() != RunMode.LIVE) {
      return;
    }
    boolean first;
    synchronized (this) {
      first = runs.put(run.incident(), run) == null;
      plan(run);
    }
    if (first || run.status() != RunStatus.RUNNING) {
      executor.execute(this::sendDueQuietly);
    }
  }

  @Override
  public String tell(RunMessage notice) throws DeliveryException {
    Audience audience = switch (notice.urgency()) {
      case PAGE -> Audience.ON_CALL;
      case RESTRICTED -> Audience.SECURITY;
      case USUAL -> Audience.of(notice.audience());
    };
    boolean breach = Texts.isBreach(notice.run()) || notice.urgency() == Urgency.RESTRICTED;
    Message message = new Message(
        notice.run().incident() + "-" + notice.step(),
        notice.run().incident(),
        Stage.NOTICE,
        audience,
        Texts.subject(Stage.NOTICE, notice.run()),
        notice.text());
    return send(message, plan.channels(audience, breach));
  }

  /**
   * Tells the team of something that a person has to do, and that belongs to no incident.
   *
   * @param id names what it is about, the same each time that it is said
   * @param subject one line
   * @return how they were reached, one sentence
   * @throws DeliveryException if no channel took it; the text is in the folder of messages
   */
  public String remind(String id, String subject, String text) throws DeliveryException {
    Message message = new Message(id, "", Stage.REMINDER, Audience.TEAM, subject, text);
    return send(message, plan.channels(Audience.TEAM, false));
  }

  private String send(Message message, List<Channel> channels) throws DeliveryException {
    folder.send(message);
    List<String> reached = new ArrayList<>();
    DeliveryException problem =
        new DeliveryException("audience " + message.audience().id() + " has no channel", null);
    Map<Channel, CompletableFuture<Void>> sending = new LinkedHashMap<>();
    channels.forEach(channel -> sending.put(channel, start(channel, message)));
    for (Map.Entry<Channel, CompletableFuture<Void>> one : sending.entrySet()) {
      try {
        finish(one.getValue());
        reached.add(one.getKey().name());
      } catch (DeliveryException e) {
        problem = e;
      }
    }
    if (reached.isEmpty()) {
      throw problem;
    }
    return "told " + message.audience().id() + " by " + String.join(" and ", reached);
  }

  /**
   * Sends what is due now and not sent yet. What fails stays due.
   *
   * @return those that were tried, as they are now
   * @throws IOException if the record of messages cannot be written; they may be sent again then
   */
  public List<Delivery> sendDue() throws IOException {
    Instant now = clock.instant();
    Map<Integer, CompletableFuture<Void>> sending = new LinkedHashMap<>();
    List<Delivery> tried = new ArrayList<>();
    synchronized (this) {
      for (int i = 0; i < deliveries.size(); i++) {
        Delivery delivery = deliveries.get(i);
        Optional<Message> message =
            isWanted(delivery, now) ? message(delivery, now) : Optional.empty();
        if (message.isPresent()) {
          Channel channel = channel(delivery);
          sending.put(i, start(channel, message.get()));
        }
      }
      for (Map.Entry<Integer, CompletableFuture<Void>> one : sending.entrySet()) {
        Delivery delivery = deliveries.get(one.getKey());
        try {
          finish(one.getValue());
          delivery = delivery.taken(now);
        } catch (DeliveryException e) {
          delivery = delivery.refused(now, e);
          log.warn(
              "Message {} of incident {} was not taken by {}: {}",
              delivery.stage(),
              delivery.incident(),
              delivery.channel(),
              e.getMessage());
        }
        deliveries.set(one.getKey(), delivery);
        tried.add(delivery);
      }
      if (!tried.isEmpty()) {
        file.write(deliveries, now);
      }
    }
    return tried;
  }

  /** All deliveries that are known, in the order in which they were planned. */
  public synchronized List<Delivery> deliveries() {
    return List.copyOf(deliveries);
  }

  /** Messages that were due before now and reached nobody of their audience yet. */
  public List<Delivery> overdue() {
    Instant now = clock.instant();
    return deliveries().stream()
        .filter(d -> d.due().isBefore(now) && d.sent().isEmpty())
        .filter(d -> deliveries().stream()
            .noneMatch(
                o -> isSame(d, o) && o.sent().isPresent() && !o.channel().equals(folder.name())))
        .toList();
  }

  /**
   * Sends a test message through every channel of the plan, as is to be done each month.
   *
   * @return how each came out
   * @throws IOException if the record of messages cannot be written
   */
  public List<Delivery> testChannels() throws IOException {
    Instant now = clock.instant();
    List<Delivery> results = new ArrayList<>();
    for (Channel channel : plan.allChannels()) {
      Delivery planned =
          Delivery.planned("", Stage.CHANNEL_TEST, Audience.TEAM, channel.name(), now);
      try {
        channel.send(new Message(
            planned.messageId(),
            "",
            Stage.CHANNEL_TEST,
            Audience.TEAM,
            "Test of this channel",
            "This is the monthly test of the communication plan. Nothing happened."));
        results.add(planned.taken(now));
      } catch (DeliveryException e) {
        results.add(planned.refused(now, e));
      } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
        results.add(planned.refused(now, failed(e)));
      }
    }
    synchronized (this) {
      deliveries.addAll(results);
      file.write(deliveries, now);
    }
    return results;
  }

  /**
   * A health check: DOWN while a message is overdue, DEGRADED if the plan has gaps or the channels
   * were not tested within five weeks.
   */
  public HealthCheck check() {
    return () -> {
      List<Delivery> overdue = overdue();
      if (!overdue.isEmpty()) {
        Delivery first = overdue.get(0);
        return CheckResult.down(
            "MESSAGES_OVERDUE",
            overdue.size() + " messages of an incident are overdue; the first, " + first.stage()
                + ", was due " + first.due() + ": " + first.problem(),
            "tell them by other means; the texts are in the folder of messages");
      }
      List<String> problems = new ArrayList<>(plan.problems());
      Optional<Instant> tested = lastTest();
      if (tested.isEmpty() || tested.get().isBefore(clock.instant().minus(TEST_VALID))) {
        problems.add("the channels were not tested within five weeks: call testChannels");
      }
      return problems.isEmpty()
          ? CheckResult.up("the communication plan can be kept")
          : CheckResult.degraded(
              "COMMUNICATION_GAPS", String.join("; ", problems), "complete the communication plan");
    };
  }

  /** When all channels last took a test message. */
  public Optional<Instant> lastTest() {
    return deliveries().stream()
        .filter(d -> d.stage() == Stage.CHANNEL_TEST)
        .flatMap(d -> d.sent().stream())
        .max(Instant::compareTo)
        .filter(last -> deliveries().stream()
            .noneMatch(d -> d.stage() == Stage.CHANNEL_TEST
                && d.due().equals(last)
                && d.sent().isEmpty()));
  }

  private void sendDueQuietly() {
    try {
      sendDue();
    } catch (IOException e) {
      log.warn(
          "Cannot write the record of messages, so a message may be sent twice: {}",
          e.getMessage());
    }
  }

  private static boolean isSame(Delivery a, Delivery b) {
    return a.incident().equals(b.incident())
        && a.stage() == b.stage()
        && a.audience() == b.audience();
  }

  /** Plans the messages of a run, once each; the resolution when it comes. */
  private void plan(RunReport run) {
    boolean breach = Texts.isBreach(run);
    for (Stage stage : plan.stages()) {
      if (stage == Stage.RESOLVED && !Texts.isResolved(run)) {
        continue;
      }
      Instant due = stage == Stage.RESOLVED
          ? run.ended().orElse(run.detected())
          : run.detected().plus(CommunicationPlan.due(stage));
      Audience audience = breach ? Audience.SECURITY : stage.audience();
      add(Delivery.planned(run.incident(), stage, audience, folder.name(), due));
      for (Channel channel : plan.channels(audience, breach)) {
        add(Delivery.planned(run.incident(), stage, audience, channel.name(), due));
      }
    }
  }

  private void add(Delivery planned) {
    boolean known = deliveries.stream()
        .anyMatch(d -> isSame(d, planned) && d.channel().equals(planned.channel()));
    if (!known) {
      deliveries.add(planned);
    }
  }

  private boolean isWanted(Delivery delivery, Instant now) {
    return delivery.sent().isEmpty()
        && delivery.stage() != Stage.CHANNEL_TEST
        && runs.containsKey(delivery.incident())
        && !delivery.next().isAfter(now)
        && (!delivery.due().isAfter(now) || isEarly(delivery.stage()));
  }

  /** These go out immediately; their time is the latest, not the right one. */
  private static boolean isEarly(Stage stage) {
    return stage == Stage.AFFECTED_USERS || stage == Stage.STATUS_PAGE;
  }

  private Optional<Message> message(Delivery delivery, Instant now) {
    RunReport run = runs.get(delivery.incident());
    return Optional.of(new Message(
        delivery.messageId(),
        delivery.incident(),
        delivery.stage(),
        delivery.audience(),
        Texts.subject(delivery.stage(), run),
        Texts.text(delivery.stage(), run, plan, now)));
  }

  private Channel channel(Delivery delivery) {
    boolean breach = Texts.isBreach(runs.get(delivery.incident()));
    return plan.channels(delivery.audience(), breach).stream()
        .filter(c -> c.name().equals(delivery.channel()))
        .findFirst()
        .orElse(folder);
  }

  private CompletableFuture<Void> start(Channel channel, Message message) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            channel.send(message);
          } catch (DeliveryException e) {
            throw new CompletionException(e);
          }
        },
        executor);
  }

  private static void finish(CompletableFuture<Void> sending) throws DeliveryException {
    try {
      sending.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof DeliveryException refused) {
        throw refused;
      }
      throw failed(e.getCause());
    }
  }

  private static DeliveryException failed(Throwable failure) {
    return new DeliveryException(
        "the channel failed: " + failure.getClass().getSimpleName(), failure);
  }
}
