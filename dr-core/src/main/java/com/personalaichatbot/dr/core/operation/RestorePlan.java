package com.personalaichatbot.dr.core.operation;

import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The plan of a restore, as things were when it was made. Immutable, and nothing was changed to
 * make it; its text is for people to look at first.
 *
 * <p>A plan fixes the snapshot of each component. Files are compared once more when it is carried
 * out, so a file that changed since is treated as it then is; a snapshot that is gone by then is
 * refused.
 *
 * @param request what was asked for
 * @param parts what is restored from where to where, one a component
 * @param files what would be done, in numbers
 * @param failures what already shows that it cannot be restored
 * @param notes what else is worth knowing
 * @param bytesToWrite bytes of the files that would be written
 * @param freeSpace bytes that are free where they would be written; the least, if there are several
 *     such volumes; empty if that is not known
 */
public record RestorePlan(
    RestoreRequest request,
    List<Part> parts,
    RestoreCounts files,
    List<PathProblem> failures,
    List<String> notes,
    long bytesToWrite,
    OptionalLong freeSpace) {

  /**
   * One component of a plan.
   *
   * @param component its name
   * @param snapshot the snapshot that it is taken from
   * @param target where the component itself will be
   * @param bytesToWrite its share of the bytes
   */
  public record Part(String component, SnapshotId snapshot, Path target, long bytesToWrite) {
    /** Refuses nulls. */
    public Part {
      Objects.requireNonNull(component, "component");
      Objects.requireNonNull(snapshot, "snapshot");
      Objects.requireNonNull(target, "target");
    }
  }

  /** Refuses nulls and keeps copies. */
  public RestorePlan {
    Objects.requireNonNull(request, "request");
    parts = List.copyOf(parts);
    Objects.requireNonNull(files, "files");
    failures = List.copyOf(failures);
    notes = List.copyOf(notes);
    Objects.requireNonNull(freeSpace, "freeSpace");
  }

  /** The plan as people read it, several lines. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      text.append(part.component)
          .append(" from snapshot ")
          .append(part.snapshot.abbreviated())
          .append(" to ")
          .append(part.target)
          .append('\n');
    }
    text.append(files.create()).append(" to create, ").append(files.replace());
    text.append(" to replace, ").append(files.unchanged()).append(" unchanged, ");
    text.append(files.remove()).append(" to remove, ").append(files.failed());
    text.append(" that cannot be restored; ").append(bytesToWrite).append(" bytes to write, ");
    text.append(freeSpace.isPresent() ? freeSpace.getAsLong() : "unknown").append(" free");
    failures.forEach(
        f -> text.append("\ncannot restore ").append(f.path()).append(": ").append(f.reason()));
    notes.forEach(note -> text.append('\n').append(note));
    return text.toString();
  }
}
