package com.personalaichatbot.dr.examples.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The commands and options that somebody may have meant who mistyped one. */
final class Suggestions {
  private static final int MOST = 3;

  /** A shorter beginning says nothing. */
  private static final int BEGINNING = 3;

  private Suggestions() {}

  /** What may have been meant, as a sentence with a blank behind it, or an empty text. */
  static String sentence(UnmatchedArgumentException wrong) {
    CommandLine command = wrong.getCommandLine();
    String typed = wrong.getUnmatched().get(0);
    return wrong.isUnknownOption()
        ? sentence(options(command.getCommandSpec(), typed))
        : sentence(commands(command, typed));
  }

  /** As above, for the name of a command below another one. */
  static String ofCommand(CommandLine parent, String typed) {
    return sentence(commands(parent, typed));
  }

  private static List<String> commands(CommandLine command, String typed) {
    return similar(typed, command.getSubcommands().keySet());
  }

  private static List<String> options(CommandSpec spec, String typed) {
    String name = typed.contains("=") ? typed.substring(0, typed.indexOf('=')) : typed;
    return similar(
        name,
        spec.options().stream()
            .filter(option -> !option.hidden())
            .map(OptionSpec::longestName)
            .toList());
  }

  private static String sentence(List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    return "Did you mean " + String.join(" or ", names) + "? ";
  }

  /** The names that differ in few letters, or begin like what was typed; the nearest first. */
  static List<String> similar(String typed, Collection<String> names) {
    String text = typed.toLowerCase(Locale.ROOT);
    int few = Math.max(1, text.replace("-", "").length() / 3);
    Stream<String> near = names.stream()
        .filter(name -> distance(text, name) <= few
            || text.replace("-", "").length() >= BEGINNING && name.startsWith(text));
    return near.sorted(Comparator.<String>comparingInt(name -> distance(text, name))
            .thenComparing(Comparator.naturalOrder()))
        .limit(MOST)
        .toList();
  }

  /** The number of letters to insert, remove, replace or exchange with their neighbor. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int cheapest(int[][] cost, String a, String b, int i, int j) {
    int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    boolean isExchanged =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return isExchanged ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
