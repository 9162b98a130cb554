package com.personalaichatbot.dr.examples.chatbot;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The answers of the chatbot: a rule of its own, so that the example needs no network. */
final class Replies {
  private static final Map<String, String> RULES = new LinkedHashMap<>();

  static {
    RULES.put("hello", "Hello. What can I do for you?");
    RULES.put("order", "Your order is on its way. Is there anything else?");
    RULES.put("coffee", "One coffee, gladly. With milk, or black?");
    RULES.put("backup", "Everything you tell me is backed up when I stop and before I change.");
    RULES.put("weather", "I cannot look outside, but an umbrella is seldom a mistake.");
    RULES.put("thank", "You are welcome.");
    RULES.put("bye", "Good-bye. I will remember what we talked about.");
  }

  private Replies() {}

  /** Answers a message of a conversation that has had this many before it. */
  static String to(String message, int before) {
    String text = message.toLowerCase(Locale.ROOT);
    for (Map.Entry<String, String> rule : RULES.entrySet()) {
      if (text.contains(rule.getKey())) {
        return rule.getValue();
      }
    }
    return before == 0
        ? "I have noted that. Tell me more."
        : "I see. I have kept all " + (before + 1) + " messages of this conversation.";
  }
}
