package com.personalaichatbot.dr.examples.chatbot;

/** Plays the story of a chatbot that loses its data and gets it back. */
public final class Demo {

  private Demo() {}

  public static void main(String[] args) {
    System.out.println("The story begins.");
  }
}
