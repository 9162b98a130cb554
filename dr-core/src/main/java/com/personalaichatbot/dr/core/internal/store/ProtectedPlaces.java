package com.personalaichatbot.dr.core.internal.store;

import com.personalaichatbot.dr.core.operation.RepositoryExistsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which places this client has backed up, whatever the repository, so that no repository is made
 * inside of one. They are kept as salted hashes: that is enough to recognise a path, and shows
 * none.
 */
public final class ProtectedPlaces {
  private static final String FILE = "sources";
  private static final int SALT = 16;
  private static final int HASH = 32;

  private final StateDirectory directory;

  /** Keeps the hashes in this directory. */
  public ProtectedPlaces(StateDirectory directory) {
    this.directory = directory;
  }

  /** Adds places. */
  public void remember(List<Path> places) throws IOException {
    byte[] file = directory.read(FILE).filter(f -> f.length >= SALT).orElse(null);
    if (file == null) {
      file = new byte[SALT];
      new SecureRandom().nextBytes(file);
    }
    Set<String> known = hashes(file);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file);
    for (Path place : places) {
      byte[] hash = hash(file, real(place));
      if (known.add(HexFormat.of().formatHex(hash))) {
        out.write(hash);
      }
    }
    if (out.size() > file.length) {
      directory.write(FILE, out.toByteArray());
    }
  }

  /**
   * Refuses a repository that would lie in one of the places.
   *
   * @param repository its directory, if it is one on this machine
   */
  public void requireOutside(Optional<Path> repository) throws IOException {
    Optional<byte[]> file = directory.read(FILE).filter(f -> f.length >= SALT);
    if (file.isEmpty() || repository.isEmpty()) {
      return;
    }
    Set<String> known = hashes(file.get());
    for (Path at = real(repository.get()); at != null; at = at.getParent()) {
      if (known.contains(HexFormat.of().formatHex(hash(file.get(), at)))) {
        throw new RepositoryExistsException(
            repository.get().toString(),
            "it would lie in data that is backed up, " + at,
            "keep the repository apart from what it protects");
      }
    }
  }

  private static Set<String> hashes(byte[] file) {
    Set<String> hashes = new HashSet<>();
    for (int at = SALT; at + HASH <= file.length; at += HASH) {
      hashes.add(HexFormat.of().formatHex(file, at, at + HASH));
    }
    return hashes;
  }

  private static byte[] hash(byte[] file, Path place) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(Arrays.copyOf(file, SALT));
      String uri = place.toUri().toString();
      String name = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
      return digest.digest(name.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The real path as far as it exists, so that one place has one hash. */
  private static Path real(Path place) {
    Path absolute = place.toAbsolutePath().normalize();
    for (Path at = absolute; at != null; at = at.getParent()) {
      try {
        return at.toRealPath().resolve(at.relativize(absolute)).normalize();
      } catch (IOException e) {
        continue;
      }
    }
    return absolute;
  }
}
