package com.personalaichatbot.dr.core.fuzz;

import com.personalaichatbot.dr.core.internal.engine.archive.ArchiveTargets;
import com.personalaichatbot.dr.core.internal.format.FormatTargets;
import com.personalaichatbot.dr.core.internal.journal.JournalTargets;
import com.personalaichatbot.dr.core.internal.recovery.run.RunTargets;
import com.personalaichatbot.dr.core.recovery.communication.DeliveryTargets;
import java.lang.management.ManagementFactory;

/**
 * Readers of bytes that may come from anybody. Each takes any input: it reads it, or throws the
 * exception that it declares for damage, which the target catches. Everything else is a finding.
 */
enum FuzzTarget {
  /** Tar archives, and streams of the original application, decompressed. */
  ARCHIVE(ArchiveTargets::archive),
  /** Archives compressed by gzip or zstd. */
  COMPRESSED(ArchiveTargets::compressed),
  /** The comment of our own archives. */
  COMMENT(ArchiveTargets::comment),
  /** The metadata beside archives of the original application. */
  METADATA(ArchiveTargets::metadata),
  /** Templates of .env files. */
  TEMPLATE(ArchiveTargets::template),
  /** The .env file. */
  ENV(TextTargets::env),
  /** The settings, which are JSON. */
  SETTINGS(TextTargets::settings),
  /** A conversation, which is JSON. */
  CONVERSATION(TextTargets::conversation),
  /** Rules of a validation, which are JSON. */
  RULES(TextTargets::rules),
  /** Logs, of which errors are counted. */
  LOG(TextTargets::log),
  /** Logs, in which secrets are looked for. */
  SECRETS(TextTargets::secrets),
  /** Series of figures. */
  TREND(TextTargets::trend),
  /** Nodes of trees. */
  TREE_NODE(FormatTargets::treeNode),
  /** Maps of large files. */
  CONTENT_MAP(FormatTargets::contentMap),
  /** What packs say of their blobs. */
  PACK_CONTENTS(FormatTargets::packContents),
  /** Headers of packs. */
  PACK_HEADER(FormatTargets::packHeader),
  /** Index files. */
  INDEX(FormatTargets::index),
  /** Marks. */
  MARK(FormatTargets::mark),
  /** Prunes. */
  PRUNE(FormatTargets::prune),
  /** Changes of key slots. */
  SLOTS(FormatTargets::slots),
  /** What backups left out. */
  EXCLUDES(FormatTargets::excludes),
  /** Statistics of backups. */
  STATISTICS(FormatTargets::figures),
  /** Snapshots. */
  SNAPSHOT(FormatTargets::snapshot),
  /** Entries of the history. */
  ENTRY(FormatTargets::entryFile),
  /** FORMAT. */
  FORMAT(FormatTargets::repositoryFormat),
  /** Key slots. */
  KEY_SLOT(FormatTargets::keySlot),
  /** Records of snapshots in blobs. */
  RECORD_BLOB(FormatTargets::recordBlob),
  /** Extensions of sections. */
  EXTENSION(FormatTargets::extension),
  /** Changes in the journal of a restore. */
  JOURNAL_CHANGE(JournalTargets::change),
  /** The header of the journal of a restore. */
  JOURNAL_HEADER(JournalTargets::opening),
  /** Lines of the journal of a recovery. */
  RUN_JOURNAL(RunTargets::line),
  /** The record of messages. */
  DELIVERIES(DeliveryTargets::record);

  private static final long ALLOCATED = 96L << 20;
  private static final long ALLOCATED_PER_BYTE = 512;

  private final Body body;

  FuzzTarget(Body body) {
    this.body = body;
  }

  /** Reads one input. */
  @FunctionalInterface
  interface Body {
    void read(byte[] input) throws Exception;
  }

  /**
   * Reads an input, and fails if that allocated more than its length explains. The first time may
   * load classes, so only the second is held against a reader.
   */
  void read(byte[] input) throws Exception {
    long most = ALLOCATED + ALLOCATED_PER_BYTE * input.length;
    if (measure(input) > most) {
      long taken = measure(input);
      if (taken > most) {
        throw new AssertionError(
            this + " took " + taken + " bytes of memory for an input of " + input.length);
      }
    }
  }

  private long measure(byte[] input) throws Exception {
    long before = allocated();
    body.read(input);
    return allocated() - before;
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
