package com.personalaichatbot.dr.core.internal.engine.restore.plan;

import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import java.io.IOException;
import java.util.Map;

/** A directory of the snapshot on the way to what a {@link RestoreWalk} looks at. */
final class RestoreDirectory {
  private final RestoreItem item;
  private final boolean selected;
  private final Map<String, ScannedEntry> live;
  private final boolean blocked;
  private boolean made;
  private StagedTree tree;

  /**
   * A directory of which it is known what is in its place.
   *
   * @param live what is in it, by the keys of the names
   * @param blocked whether nothing can be put into it
   */
  RestoreDirectory(
      RestoreItem item, boolean selected, Map<String, ScannedEntry> live, boolean blocked) {
    this.item = item;
    this.selected = selected;
    this.live = live;
    this.blocked = blocked || (item.parent() != null && item.parent().blocked);
    this.made = item.there() != null && item.there().type() == EntryType.DIRECTORY;
  }

  RestoreItem item() {
    return item;
  }

  /** Whether all that it holds is to be restored. */
  boolean isSelected() {
    return selected;
  }

  Map<String, ScannedEntry> live() {
    return live;
  }

  boolean isBlocked() {
    return blocked;
  }

  /** Whether it is there, or will be. */
  boolean isMade() {
    return made;
  }

  /** Where it is staged, null if it is there already. */
  StagedTree tree() {
    return tree;
  }

  /** Has it made, and those above it, where they are not there. */
  void make(RestoreDecisions decisions) throws IOException {
    if (!made) {
      if (item.parent() != null) {
        item.parent().make(decisions);
      }
      tree = decisions.makeDirectory(item);
      made = true;
    }
  }
}
