package com.personalaichatbot.dr.core.recovery.communication;

import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The plan of who is told what, when and how. Immutable; the {@code with} methods return a changed
 * copy.
 *
 * <p>The {@linkplain #recommended() recommended} plan is that of the user's disaster recovery
 * document: the team immediately, the stakeholders after one, four and 24 hours, users and status
 * page, and everybody when it is over. Channels have to be given; an audience without one gets its
 * messages in the local folder only, and {@link #problems()} says so.
 */
public final class CommunicationPlan {
  private static final int CHANNELS_EACH = 2;

  private final List<Contact> contacts;
  private final Contact support;
  private final String documentation;
  private final Map<Audience, List<Channel>> channels;
  private final Map<Audience, List<Channel>> restricted;
  private final Set<Stage> stages;
  private final Map<Stage, Function<RunReport, String>> texts;

  private CommunicationPlan(
      List<Contact> contacts,
      Contact support,
      String documentation,
      Map<Audience, List<Channel>> channels,
      Map<Audience, List<Channel>> restricted,
      Set<Stage> stages,
      Map<Stage, Function<RunReport, String>> texts) {
    this.contacts = List.copyOf(contacts);
    this.support = support;
    this.documentation = documentation;
    this.channels = Map.copyOf(channels);
    this.restricted = Map.copyOf(restricted);
    this.stages = Set.copyOf(stages);
    this.texts = Map.copyOf(texts);
  }

  /** The plan of the document, with roles that somebody has to fill in, and without channels. */
  public static CommunicationPlan recommended() {
    Set<Stage> timed = EnumSet.noneOf(Stage.class);
    for (Stage stage : Stage.values()) {
      if (stage.due().isPresent()) {
        timed.add(stage);
      }
    }
    timed.add(Stage.RESOLVED);
    return new CommunicationPlan(
        List.of(
            Contact.toBeFilledIn("Primary contact: system administrator"),
            Contact.toBeFilledIn("Secondary contact: development team lead"),
            Contact.toBeFilledIn("Emergency hotline")),
        Contact.toBeFilledIn("Technical support"),
        "",
        Map.of(),
        Map.of(),
        timed,
        Map.of());
  }

  /** The same, with these contacts in place of those so far. */
  public CommunicationPlan withContacts(List<Contact> newContacts) {
    return new CommunicationPlan(
        newContacts, support, documentation, channels, restricted, stages, texts);
  }

  /** The same, with technical support: a contact, and the address of the documentation or "". */
  public CommunicationPlan withSupport(Contact newSupport, String newDocumentation) {
    return new CommunicationPlan(
        contacts,
        Objects.requireNonNull(newSupport, "support"),
        Objects.requireNonNull(newDocumentation, "documentation"),
        channels,
        restricted,
        stages,
        texts);
  }

  /**
   * The same, where an audience is reached through these, all of them at the same time.
   *
   * @throws IllegalArgumentException if two have one name, for deliveries are remembered by it
   */
  public CommunicationPlan withChannels(Audience audience, List<Channel> newChannels) {
    return new CommunicationPlan(
        contacts,
        support,
        documentation,
        with(channels, audience, distinct(newChannels)),
        restricted,
        stages,
        texts);
  }

  /**
   * The same, where in a breach an audience is reached through these and no others: ways that
   * whoever is in the system cannot read.
   *
   * @throws IllegalArgumentException if two have one name
   */
  public CommunicationPlan withRestrictedChannels(Audience audience, List<Channel> newChannels) {
    return new CommunicationPlan(
        contacts,
        support,
        documentation,
        channels,
        with(restricted, audience, distinct(newChannels)),
        stages,
        texts);
  }

  /** The same, without a stage. */
  public CommunicationPlan without(Stage stage) {
    Set<Stage> fewer = EnumSet.noneOf(Stage.class);
    fewer.addAll(stages);
    fewer.remove(stage);
    return new CommunicationPlan(
        contacts, support, documentation, channels, restricted, fewer, texts);
  }

  /** The same, where the text of a stage is written by this function in place of ours. */
  public CommunicationPlan withText(Stage stage, Function<RunReport, String> text) {
    return new CommunicationPlan(
        contacts,
        support,
        documentation,
        channels,
        restricted,
        stages,
        with(texts, stage, Objects.requireNonNull(text, "text")));
  }

  private static List<Channel> distinct(List<Channel> channels) {
    if (channels.stream().map(Channel::name).distinct().count() < channels.size()) {
      throw new IllegalArgumentException("two channels of an audience have one name");
    }
    return List.copyOf(channels);
  }

  private static <K extends Enum<K>, V> Map<K, V> with(Map<K, V> map, K key, V value) {
    Map<K, V> more = new EnumMap<>(key.getDeclaringClass());
    more.putAll(map);
    more.put(key, value);
    return more;
  }

  /** Whom to call, most important first. */
  public List<Contact> contacts() {
    return contacts;
  }

  /** Technical support. */
  public Contact support() {
    return support;
  }

  /** Address of the documentation, or empty. */
  public String documentation() {
    return documentation;
  }

  /** The stages that the plan has, in the order of {@link Stage}. */
  public List<Stage> stages() {
    return stages.stream().sorted().toList();
  }

  /** Through which channels an audience is reached. */
  public List<Channel> channels(Audience audience, boolean breach) {
    return (breach ? restricted : channels).getOrDefault(audience, List.of());
  }

  Optional<Function<RunReport, String>> text(Stage stage) {
    return Optional.ofNullable(texts.get(stage));
  }

  /** All channels, each once. */
  List<Channel> allChannels() {
    Set<Channel> all = new LinkedHashSet<>();
    for (Audience audience : Audience.values()) {
      all.addAll(channels(audience, false));
      all.addAll(channels(audience, true));
    }
    return List.copyOf(all);
  }

  /** What a person still has to do before the plan can be kept, a sentence each. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    contacts.stream()
        .filter(c -> !c.isComplete())
        .forEach(c -> problems.add(c.role() + ": fill in a name and a phone number or an address"));
    if (!support.isComplete()) {
      problems.add(support.role() + ": fill in a name and a phone number or an address");
    }
    Set<Audience> needed = EnumSet.of(Audience.ON_CALL);
    stages.forEach(stage -> needed.add(stage.audience()));
    for (Audience audience : needed) {
      int count = channels(audience, false).size();
      if (count < CHANNELS_EACH) {
        problems.add("audience " + audience.id() + " has " + count + " channels: give it two, for"
            + " one may be down in a disaster");
      }
    }
    if (channels(Audience.SECURITY, true).isEmpty()) {
      problems.add("audience security has no restricted channel: give it one that an intruder"
          + " cannot read");
    }
    return problems;
  }

  /** Until when a stage has to be out, after the detection. */
  static Duration due(Stage stage) {
    return stage.due().orElse(Duration.ZERO);
  }
}
