package com.personalaichatbot.dr.core.internal.engine.backup;

import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.scan.Listing;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.internal.session.Workers;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.FutureTask;

/**
 * Lists the directories in a directory, in their order, each by the walk that asks for it or by a
 * task ahead of it. Tasks are begun only while there is room for them: where files are to be read
 * the workers have better to do, and where nothing changed, listing is all there is. Not
 * thread-safe.
 */
final class ListingAhead {
  private final SourceScan scan;
  private final Workers.Batch batch;
  private final int most;
  private final List<ScannedEntry> entries;
  private final Deque<Ahead> ahead = new ArrayDeque<>();
  private int looked;

  /** Lists the directories among {@code entries}, at most {@code most} of them ahead. */
  ListingAhead(SourceScan scan, Workers.Batch batch, int most, List<ScannedEntry> entries) {
    this.scan = scan;
    this.batch = batch;
    this.most = most;
    this.entries = entries;
  }

  private record Ahead(int number, FutureTask<Listing> listing) {}

  /** The listing of one of the entries; their numbers ascend from call to call. */
  Listing list(int number) throws IOException {
    while (!ahead.isEmpty() && ahead.peek().number < number) {
      ahead.poll();
    }
    Ahead own = ahead.isEmpty() || ahead.peek().number > number ? null : ahead.poll();
    looked = Math.max(looked, number + 1);
    lookAhead();
    if (own == null) {
      return scan.list(entries.get(number), batch::spread);
    }
    own.listing.run(); // does nothing if a task has begun with it
    return Workers.result(own.listing);
  }

  private void lookAhead() throws IOException {
    while (ahead.size() < most && looked < entries.size()) {
      ScannedEntry entry = entries.get(looked);
      if (entry.type() == EntryType.DIRECTORY) {
        FutureTask<Listing> listing = new FutureTask<>(() -> scan.list(entry, batch::spread));
        if (!batch.trySubmit(listing::run)) {
          return;
        }
        ahead.add(new Ahead(looked, listing));
      }
      looked++;
    }
  }
}
