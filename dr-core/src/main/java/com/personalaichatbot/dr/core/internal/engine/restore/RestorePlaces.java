package com.personalaichatbot.dr.core.internal.engine.restore;

import com.personalaichatbot.dr.core.internal.engine.ClientState;
import com.personalaichatbot.dr.core.internal.engine.Session;
import com.personalaichatbot.dr.core.internal.engine.Snapshots;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The places of restores in place that are unfinished or can be undone, as the client keeps them.
 */
final class RestorePlaces {
  private final ClientState state;
  private final FileSystem fileSystem;

  RestorePlaces(Session session) {
    this.state = session.state();
    this.fileSystem = session.fileSystem();
  }

  /** The places, the one that was remembered last at the end. */
  List<Path> list() throws IOException {
    List<Path> places = new ArrayList<>();
    for (byte[] place : state.places()) {
      places.add(path(fileSystem, place));
    }
    return places;
  }

  /** Adds a place where something is about to be made, unless it is listed. */
  void add(Path place) throws IOException {
    synchronized (state) {
      byte[] raw = Snapshots.rawPath(place);
      if (without(raw).size() == state.places().size()) {
        remember(place);
      }
    }
  }

  /** Puts a place at the end, as that of the last restore; durable on return. */
  void remember(Path place) throws IOException {
    synchronized (state) {
      List<byte[]> places = without(Snapshots.rawPath(place));
      places.add(Snapshots.rawPath(place));
      state.rememberPlaces(places);
    }
  }

  /** Takes a place off the list. */
  void forget(Path place) throws IOException {
    synchronized (state) {
      List<byte[]> places = without(Snapshots.rawPath(place));
      if (places.size() < state.places().size()) {
        state.rememberPlaces(places);
      }
    }
  }

  private List<byte[]> without(byte[] place) throws IOException {
    List<byte[]> places = new ArrayList<>(state.places());
    places.removeIf(p -> Arrays.equals(p, place));
    return places;
  }

  /** The path of raw bytes as {@link Snapshots#rawPath} gives them. */
  static Path path(FileSystem fileSystem, byte[] raw) {
    if (raw.length == 0 || raw[0] != '/') {
      return fileSystem.getPath(new String(raw, StandardCharsets.UTF_8));
    }
    Path path = fileSystem.getPath("/");
    int from = 1;
    for (int i = 1; i <= raw.length; i++) {
      if (i == raw.length || raw[i] == '/') {
        if (i > from) {
          path = NativeNames.resolve(path, Arrays.copyOfRange(raw, from, i));
        }
        from = i + 1;
      }
    }
    return path;
  }
}
