package com.personalaichatbot.dr.examples.cli;

import java.net.URI;
import java.net.URISyntaxException;

/** Reads addresses of pages. What is refused is not repeated, because it may hold a password. */
final class WebAddress {
  private static final int LAST_PORT = 65_535;

  private WebAddress() {}

  static URI read(String text) {
    try {
      URI address = new URI(text);
      String scheme = address.getScheme();
      boolean web = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
      if (web && address.getHost() != null && address.getPort() <= LAST_PORT) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Told below, without the text.
    }
    throw new IllegalArgumentException(
        "--url takes an http or https address, such as http://127.0.0.1:7860/");
  }
}
