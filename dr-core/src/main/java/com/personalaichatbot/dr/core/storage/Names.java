package com.personalaichatbot.dr.core.storage;

import java.util.regex.Pattern;

/** The rule for names that a storage accepts. */
final class Names {

  /** The storage's own name, which the courtesy lock uses. */
  static final String LOCK = "lock";

  /** The directory of temporary files. */
  static final String TEMPORARIES = "tmp";

  private static final int LONGEST = 255;
  private static final Pattern ACCEPTED = Pattern.compile("[0-9a-z.-]++(?:/[0-9a-z.-]++)*+");
  private static final Pattern DOTS = Pattern.compile("(?:.*/)?\\.\\.?(?:/.*)?");

  private Names() {}

  /** Returns the name of a file if it is accepted. */
  static String file(String name) {
    boolean format = name.equals("FORMAT") || name.equals("FORMAT.copy");
    if (!format && (!isAccepted(name) || name.equals(LOCK))) {
      throw new IllegalArgumentException("not the name of a file in a repository: " + shown(name));
    }
    return name;
  }

  /** Returns the name of a directory if it is accepted; the empty text is the root. */
  static String directory(String name) {
    if (!name.isEmpty() && !isAccepted(name)) {
      throw new IllegalArgumentException(
          "not the name of a directory in a repository: " + shown(name));
    }
    return name;
  }

  /** Returns whether a name lies below a directory. */
  static boolean isBelow(String directory, String name) {
    return directory.isEmpty()
        || name.length() > directory.length()
            && name.charAt(directory.length()) == '/'
            && name.startsWith(directory);
  }

  private static boolean isAccepted(String name) {
    return name.length() <= LONGEST
        && ACCEPTED.matcher(name).matches()
        && !DOTS.matcher(name).matches();
  }

  private static String shown(String name) {
    return name.length() <= LONGEST ? "'" + name + "'" : name.length() + " characters";
  }
}
