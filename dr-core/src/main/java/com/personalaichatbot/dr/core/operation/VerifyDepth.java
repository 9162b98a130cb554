package com.personalaichatbot.dr.core.operation;

/** The share of the stored data that a verify reads. */
public enum VerifyDepth {
  /** Names, lengths, catalog, trees, and that every blob they name has a place. */
  STRUCTURE,
  /** As STRUCTURE, and the data of a share of the packs, chosen at random. */
  SAMPLE,
  /** Every byte. Only this makes snapshots VERIFIED. */
  READ_ALL
}
