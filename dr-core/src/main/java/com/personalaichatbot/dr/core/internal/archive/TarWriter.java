package com.personalaichatbot.dr.core.internal.archive;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes a tar archive that any tar opens. Names are raw bytes: as ISO-8859-1 each byte is one
 * character and each character one byte. Long names and big numbers go as GNU tar writes them;
 * fractions of a second in a pax header, written here because Commons Compress would cut them to
 * tenths of a microsecond. Not thread-safe.
 */
public final class TarWriter implements Closeable {
  private final TarArchiveOutputStream tar;

  /** Writes to a stream, which it owns. */
  public TarWriter(OutputStream out) {
    tar = new TarArchiveOutputStream(out, StandardCharsets.ISO_8859_1.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
  }

  /** Writes what the archive says of itself, which comes first and which other tools pass over. */
  public void comment(String text) throws IOException {
    TarArchiveEntry header =
        entry("pax_global_header", TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER, 0644);
    header.addPaxHeader("comment", text);
    tar.putArchiveEntry(header); // Which writes the comment and ends the entry.
  }

  /** Begins an entry; the content of a file is to follow, exactly as long as it says. */
  public void begin(ArchiveEntry entry) throws IOException {
    Attributes attributes = entry.attributes();
    if (attributes.mtimeNanos() != 0) {
      writeTime(attributes);
    }
    String name = text(entry.path());
    boolean directory = entry.type() == ArchiveEntry.Type.DIRECTORY;
    TarArchiveEntry header =
        entry(directory ? name + "/" : name, flag(entry.type()), attributes.mode());
    header.setUserId(attributes.uid() & 0xffffffffL);
    header.setGroupId(attributes.gid() & 0xffffffffL);
    header.setModTime(FileTime.from(attributes.mtimeSeconds(), TimeUnit.SECONDS));
    if (entry.target() != null) {
      header.setLinkName(text(entry.target()));
    }
    header.setSize(entry.type() == ArchiveEntry.Type.FILE ? attributes.size() : 0);
    tar.putArchiveEntry(header);
  }

  private static byte flag(ArchiveEntry.Type type) {
    return switch (type) {
      case FILE -> TarConstants.LF_NORMAL;
      case DIRECTORY -> TarConstants.LF_DIR;
      case SYMLINK -> TarConstants.LF_SYMLINK;
      case HARD_LINK -> TarConstants.LF_LINK;
    };
  }

  /** A header without the name, user and time of whoever makes the archive. */
  private static TarArchiveEntry entry(String name, byte flag, int mode) {
    TarArchiveEntry header = new TarArchiveEntry(name, flag, true);
    header.setMode(mode);
    header.setUserName("");
    header.setGroupName("");
    header.setModTime(FileTime.fromMillis(0));
    return header;
  }

  private void writeTime(Attributes attributes) throws IOException {
    BigDecimal time = BigDecimal.valueOf(attributes.mtimeSeconds())
        .add(BigDecimal.valueOf(attributes.mtimeNanos(), 9));
    String record = " mtime=" + time.toPlainString() + "\n";
    int length = record.length() + 2; // The length itself has two digits.
    byte[] bytes = (length + record).getBytes(StandardCharsets.US_ASCII);
    TarArchiveEntry header = entry("././@PaxHeader", TarConstants.LF_PAX_EXTENDED_HEADER_LC, 0644);
    header.setSize(bytes.length);
    tar.putArchiveEntry(header);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  /** The stream for the content of the entry that was begun; stays open. */
  public OutputStream content() {
    return tar;
  }

  /** Ends the entry. */
  public void end() throws IOException {
    tar.closeArchiveEntry();
  }

  private static String text(byte[] name) {
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  /** Writes the end mark and closes the stream below. */
  @Override
  public void close() throws IOException {
    tar.close();
  }
}
