package com.personalaichatbot.dr.core.recovery.communication;

import java.util.Objects;

/**
 * Whom to call. Immutable. An empty field is one that somebody still has to fill in; the plan says
 * so wherever it is printed.
 *
 * @param role such as {@code Primary: system administrator}; not empty
 * @param name of the person, or empty
 * @param phone or empty
 * @param mail address, or empty
 */
public record Contact(String role, String name, String phone, String mail) {
  /** Refuses nulls and an empty role. */
  public Contact {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(phone, "phone");
    Objects.requireNonNull(mail, "mail");
    if (role.isBlank()) {
      throw new IllegalArgumentException("a contact has a role");
    }
  }

  /** A role for which nobody was named yet. */
  public static Contact toBeFilledIn(String role) {
    return new Contact(role, "", "", "");
  }

  /** Whether a person and a way to reach them are known. */
  public boolean isComplete() {
    return !name.isBlank() && !(phone.isBlank() && mail.isBlank());
  }
}
