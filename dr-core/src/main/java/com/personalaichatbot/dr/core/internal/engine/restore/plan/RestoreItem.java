package com.personalaichatbot.dr.core.internal.engine.restore.plan;

import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreFindings;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;

/**
 * An entry of a snapshot beside what is in its place.
 *
 * @param place NAME/rest, raw bytes
 * @param there what a scan found, null if nothing
 * @param parent the directory that it is in, null for a component itself
 */
public record RestoreItem(
    byte[] place, TreeEntry entry, ScannedEntry there, RestoreDirectory parent) {
  /** The same where nothing is left. */
  RestoreItem withNothingThere() {
    return new RestoreItem(place, entry, null, parent);
  }

  /** The staged tree that it will be in, null if its directory is there already. */
  public StagedTree tree() {
    return parent == null ? null : parent.tree();
  }

  public String display() {
    return RawName.display(place);
  }

  /** Attributes of what is there, null if nothing is. */
  public Attributes before() {
    return there == null ? null : there.attributes();
  }

  /** The same when a directory that is in the way of a file has gone. */
  public Attributes beforePut() {
    return there == null || there.type() == EntryType.DIRECTORY ? null : there.attributes();
  }

  /** It was counted as an entry to restore, and does not come. */
  public void failed(RestoreFindings findings, String reason) {
    findings.notRestored(there != null && there.type() != EntryType.DIRECTORY, display(), reason);
  }

  /** The same, for its stored data is missing or wrong. */
  public void damaged(RestoreFindings findings, String reason) {
    findings.damaged();
    failed(findings, reason);
  }

  /** The same, for what was written does not read back. */
  public void unverified(RestoreFindings findings, String reason) {
    findings.unverified();
    failed(findings, reason);
  }
}
