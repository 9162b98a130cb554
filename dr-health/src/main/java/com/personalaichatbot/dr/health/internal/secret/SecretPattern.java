package com.personalaichatbot.dr.health.internal.secret;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One typed form of secret. Only forms that name themselves are listed: a rule that takes any long
 * word for a secret finds mostly words.
 *
 * @param id what it is, for people
 * @param hint a text without which the pattern cannot match; spares most lines the pattern
 * @param pattern the form; what is secret is in the group {@code s}
 */
public record SecretPattern(String id, String hint, Pattern pattern) {

  /** The forms known here, the more specific first. */
  public static final List<SecretPattern> ALL = List.of(
      of("OpenRouter key", "sk-or-v1-", "(?<s>sk-or-v1-[A-Za-z0-9_-]{20,200})"),
      of("Anthropic key", "sk-ant-", "(?<s>sk-ant-[A-Za-z0-9_-]{20,200})"),
      of("Stripe key", "k_live_", "(?<s>[sr]k_live_[A-Za-z0-9]{16,200})"),
      of("OpenAI key", "sk-", "\\b(?<s>sk-(?!or-v1-|ant-)(?:proj-)?[A-Za-z0-9_-]{32,200})"),
      of("AWS key", "AKIA", "\\b(?<s>AKIA[0-9A-Z]{16})\\b"),
      of("Google key", "AIza", "\\b(?<s>AIza[0-9A-Za-z_-]{35})"),
      of("GitHub token", "gh", "\\b(?<s>gh[pousr]_[A-Za-z0-9]{36,255})\\b"),
      of("GitHub token", "github_pat_", "\\b(?<s>github_pat_[A-Za-z0-9_]{22,255})\\b"),
      of("GitLab token", "glpat-", "\\b(?<s>glpat-[A-Za-z0-9_-]{20,200})"),
      of("Slack token", "xox", "\\b(?<s>xox[abprs]-[A-Za-z0-9-]{10,200})"),
      of(
          "JSON web token",
          "eyJ",
          "\\b(?<s>eyJ[\\w-]{10,2000}\\.eyJ[\\w-]{10,4000}\\.[\\w-]{10,1000})"),
      of("private key", "PRIVATE KEY", "(?<s>-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----)"),
      of("bearer token", "earer ", "\\b[Bb]earer (?<s>[A-Za-z0-9._~+/-]{20,2000})"),
      of("password in a URL", "://", "://[^\\s/:@]{0,100}:(?<s>[^\\s/:@]{3,200})@"),
      of(
          "value of a secret setting",
          "",
          "(?i)\\b[a-z0-9_]{0,40}(?:secret|passwd|password|passphrase|encryption)_?(?:key)?"
              + "[\"']?\\s{0,3}[=:]\\s{0,3}[\"']?(?<s>[^\\s\"',;]{8,500})"));

  private static SecretPattern of(String id, String hint, String pattern) {
    return new SecretPattern(id, hint, Pattern.compile(pattern));
  }

  /** Whether a text may hold this form; never false when it does. */
  public boolean mayBeIn(String text) {
    return hint.isEmpty() ? mentionsSetting(text) : text.contains(hint);
  }

  private static boolean mentionsSetting(String text) {
    for (int i = 0; i < text.length(); i++) {
      int c = text.charAt(i) | 0x20;
      if ((c == 's' && text.regionMatches(true, i, "secret", 0, 6))
          || (c == 'p' && text.regionMatches(true, i, "pass", 0, 4))
          || (c == 'e' && text.regionMatches(true, i, "encryption", 0, 10))) {
        return true;
      }
    }
    return false;
  }
}
