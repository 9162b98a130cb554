package com.personalaichatbot.dr.core.testkit;

import com.personalaichatbot.dr.core.recovery.communication.Channel;
import com.personalaichatbot.dr.core.recovery.communication.DeliveryException;
import com.personalaichatbot.dr.core.recovery.communication.Message;
import com.personalaichatbot.dr.core.recovery.communication.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A channel that reaches nobody and keeps what it is given, so that a test sees who would have been
 * told what. It can be broken and repaired. Safe for use by several threads.
 */
public final class RecordingChannel implements Channel {

  private final String name;
  private final List<Message> messages = new ArrayList<>();
  private int attempts;
  private boolean broken;

  /**
   * A channel that works.
   *
   * @param name what it is called
   */
  public RecordingChannel(String name) {
    this.name = Objects.requireNonNull(name, "name");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized void send(Message message) throws DeliveryException {
    attempts++;
    if (broken) {
      throw new DeliveryException(name + " is broken by the test", null);
    }
    messages.add(message);
  }

  /** From now on it takes nothing. */
  public synchronized void breakDown() {
    broken = true;
  }

  /** From now on it takes everything. */
  public synchronized void mend() {
    broken = false;
  }

  /**
   * What it took, in order.
   *
   * @return a copy
   */
  public synchronized List<Message> messages() {
    return List.copyOf(messages);
  }

  /**
   * The stages of what it took, in order.
   *
   * @return a copy
   */
  public synchronized List<Stage> stages() {
    return messages.stream().map(Message::stage).toList();
  }

  /**
   * How often it was asked to take a message, whether it did or not.
   *
   * @return their number
   */
  public synchronized int attempts() {
    return attempts;
  }
}
