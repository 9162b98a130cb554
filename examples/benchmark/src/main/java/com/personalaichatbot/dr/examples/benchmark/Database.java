package com.personalaichatbot.dr.examples.benchmark;

import java.io.IOException;

/** A database of messages of which some rows change. */
interface Database {

  /** What it is, for the table. */
  String kind();

  /** Makes it, of about so many bytes. */
  void make(long bytes) throws IOException;

  /** Gives some rows, drawn by lot, another text. */
  void edit(int rows) throws IOException;
}
