package com.personalaichatbot.dr.core.internal.store;

import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.operation.RepositoryExistsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The places that this client has backed up, whatever the repository, so that no repository is made
 * inside of one. They are kept as salted hashes: that is enough to recognise a path, and shows
 * none.
 */
public final class ProtectedPaths {
  private static final String FILE = "sources";
  private static final int SALT = 16;

  private final StateDirectory directory;

  /** Keeps the hashes in this directory. */
  public ProtectedPaths(StateDirectory directory) {
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
      byte[] hash = hash(file, place);
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
    for (Path at = PathRules.real(repository.get()); at != null; at = at.getParent()) {
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
    for (int at = SALT; at + Sha256.BYTES <= file.length; at += Sha256.BYTES) {
      hashes.add(HexFormat.of().formatHex(file, at, at + Sha256.BYTES));
    }
    return hashes;
  }

  private static byte[] hash(byte[] file, Path place) {
    MessageDigest digest = Sha256.newDigest();
    digest.update(file, 0, SALT);
    return digest.digest(PathRules.name(place).getBytes(StandardCharsets.UTF_8));
  }
}
