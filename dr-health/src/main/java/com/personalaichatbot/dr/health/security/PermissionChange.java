package com.personalaichatbot.dr.health.security;

import java.nio.file.Path;

/**
 * The rights of one file or directory, before and after.
 *
 * @param path the file or directory
 * @param from its rights before: a mode such as {@code rwxr-xr-x} or, where there are no modes, the
 *     access control list as text
 * @param to its rights after, in the same form
 */
public record PermissionChange(Path path, String from, String to) {

  PermissionChange reversed() {
    return new PermissionChange(path, to, from);
  }
}
