package com.personalaichatbot.dr.health.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Access control lists, as on Windows. Private is a list that allows something to the owner alone.
 * As text an entry is {@code ALLOW|principal|PERMISSION,…|FLAG,…} and entries are parted by
 * {@code ;}.
 */
final class AclRights extends Rights {

  private static AclFileAttributeView view(Path path) {
    return Files.getFileAttributeView(path, AclFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether only the owner is allowed anything. */
  static boolean isPrivate(Path path) throws IOException {
    AclFileAttributeView view = view(path);
    UserPrincipal owner = view.getOwner();
    return view.getAcl().stream()
        .filter(entry -> entry.type() == AclEntryType.ALLOW)
        .allMatch(entry -> entry.principal().equals(owner));
  }

  @Override
  Optional<PermissionChange> plan(Path path) throws IOException {
    if (isPrivate(path)) {
      return Optional.empty();
    }
    AclFileAttributeView view = view(path);
    AclEntry full = AclEntry.newBuilder()
        .setType(AclEntryType.ALLOW)
        .setPrincipal(view.getOwner())
        .setPermissions(EnumSet.allOf(AclEntryPermission.class))
        .build();
    return Optional.of(new PermissionChange(path, text(view.getAcl()), text(List.of(full))));
  }

  @Override
  Optional<String> change(PermissionChange change) throws IOException {
    AclFileAttributeView view = view(change.path());
    if (Files.isSymbolicLink(change.path()) || !text(view.getAcl()).equals(change.from())) {
      return Optional.of(CHANGED_SINCE);
    }
    view.setAcl(entries(change));
    return Optional.empty();
  }

  private static String text(List<AclEntry> entries) {
    return entries.stream()
        .map(entry -> String.join(
            "|",
            entry.type().name(),
            entry.principal().getName(),
            names(entry.permissions()),
            names(entry.flags())))
        .collect(Collectors.joining(";"));
  }

  private static String names(Set<? extends Enum<?>> constants) {
    Set<String> names = new TreeSet<>();
    constants.forEach(constant -> names.add(constant.name()));
    return String.join(",", names);
  }

  private static List<AclEntry> entries(PermissionChange change) throws IOException {
    List<AclEntry> entries = new ArrayList<>();
    if (change.to().isEmpty()) {
      return entries;
    }
    var lookup = change.path().getFileSystem().getUserPrincipalLookupService();
    for (String entry : change.to().split(";")) {
      String[] parts = entry.split("\\|", -1);
      entries.add(AclEntry.newBuilder()
          .setType(AclEntryType.valueOf(parts[0]))
          .setPrincipal(principal(lookup, parts[1]))
          .setPermissions(constants(AclEntryPermission.class, parts[2]))
          .setFlags(constants(AclEntryFlag.class, parts[3]))
          .build());
    }
    return entries;
  }

  private static UserPrincipal principal(UserPrincipalLookupService lookup, String name)
      throws IOException {
    try {
      return lookup.lookupPrincipalByName(name);
    } catch (UserPrincipalNotFoundException notAUser) {
      return lookup.lookupPrincipalByGroupName(name);
    }
  }

  private static <E extends Enum<E>> Set<E> constants(Class<E> type, String names) {
    Set<E> set = EnumSet.noneOf(type);
    for (String name : names.split(",")) {
      if (!name.isEmpty()) {
        set.add(Enum.valueOf(type, name));
      }
    }
    return set;
  }
}
