package com.personalaichatbot.dr.core.internal.scan;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/*
 * Why a Path is not simply turned into a String and back.
 *
 * On Unix a name is bytes, and the JDK's Path keeps those bytes; only toString() decodes them, by the locale's charset,
 * and writes U+FFFD for what does not decode. Two names can so have one String, and under LANG=C every byte above 127 is
 * lost, in new JDKs too. Three things stay exact: paths that the JDK itself returned or resolved from other paths, the URI
 * form, which is the bytes percent-encoded, and a String of which we know that the decoding lost nothing:
 *
 *   - all characters are ASCII, and the locale's charset is one in which no other byte decodes to ASCII;
 *   - the charset is UTF-8 and there is no U+FFFD in it (a name may hold a real U+FFFD; then the URI form decides).
 *
 * The URI form of a relative path would begin with the working directory, and toUri() asks the file system whether the path
 * is a directory, to add a slash. So a relative path is first set under the root: "/" + bytes is its URI, the question goes
 * to a name in the root that mostly does not exist, and a slash at the end that the text does not have is taken off again.
 */

/**
 * Names and link targets as raw bytes, and paths from raw bytes, without loss on the default file
 * system of a Unix. On any other file system names are text, and their bytes are its UTF-8.
 */
public final class NativeNames {

  private static final FileSystem DEFAULT = FileSystems.getDefault();
  private static final boolean UNIX = DEFAULT.getSeparator().equals("/");
  private static final Charset LOCALE =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
  private static final boolean UTF_8 = LOCALE.equals(StandardCharsets.UTF_8);
  private static final boolean ASCII_IS_EXACT = UTF_8
      || LOCALE.equals(StandardCharsets.US_ASCII)
      || LOCALE.equals(StandardCharsets.ISO_8859_1);
  private static final String HEX = "0123456789ABCDEF";

  private NativeNames() {}

  /**
   * Returns the bytes of a path's last element.
   *
   * @throws IllegalArgumentException if the path is a root and has no elements
   * @throws InvalidPathException if the name is text that no bytes stand for, as half a surrogate
   *     pair on Windows
   */
  public static byte[] name(Path path) {
    Path name = path.getFileName();
    if (name == null) {
      throw new IllegalArgumentException("a root has no name: " + path);
    }
    return bytes(name);
  }

  /**
   * Returns the path of a name in a directory.
   *
   * @param name a single element: not empty, not {@code .} or {@code ..}, without {@code /} and NUL
   * @throws IllegalArgumentException if the name is no single element
   * @throws InvalidPathException if the directory's file system cannot hold such a name
   */
  public static Path resolve(Path directory, byte[] name) {
    if (!isElement(name)) {
      throw new IllegalArgumentException("not a single element of a path");
    }
    return directory.resolve(path(directory.getFileSystem(), name));
  }

  /**
   * Whether these bytes may be a name: not empty, not {@code .} or {@code ..}, without {@code /}
   * and NUL.
   */
  public static boolean isElement(byte[] name) {
    for (byte b : name) {
      if (b == '/' || b == 0) {
        return false;
      }
    }
    if (name.length == 0 || name.length > 2) {
      return name.length > 2;
    }
    return name[0] != '.' || name[name.length - 1] != '.';
  }

  /**
   * Returns the bytes of a symbolic link's target.
   *
   * @throws java.nio.file.NotLinkException if the path is no symbolic link
   * @throws IOException if the link cannot be read
   */
  public static byte[] linkTarget(Path link) throws IOException {
    return bytes(Files.readSymbolicLink(link));
  }

  /**
   * Creates a symbolic link. Repeated and trailing slashes of the target are folded by the JDK.
   *
   * @param target not empty, without NUL
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   * @throws IOException if the link cannot be created
   * @throws InvalidPathException if the link's file system cannot hold such a target
   */
  public static void createSymlink(Path link, byte[] target) throws IOException {
    Files.createSymbolicLink(link, path(link.getFileSystem(), target));
  }

  private static boolean isRaw(FileSystem fileSystem) {
    return UNIX && fileSystem == DEFAULT;
  }

  /** Returns the bytes of a whole path, as it is. */
  static byte[] bytes(Path path) {
    String text = path.toString();
    if (!isRaw(path.getFileSystem())) {
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
        throw new InvalidPathException(text, "name is not valid Unicode");
      }
      return text.getBytes(StandardCharsets.UTF_8);
    }
    if (isExact(text)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    byte[] rooted = decode(DEFAULT.getPath("/").resolve(path).toUri().getRawPath());
    int from = path.isAbsolute() ? 0 : 1;
    int to = rooted.length;
    if (rooted[to - 1] == '/' && !text.endsWith("/")) {
      to--;
    }
    return Arrays.copyOfRange(rooted, from, to);
  }

  /** Returns the path of these bytes, relative or absolute. */
  static Path path(FileSystem fileSystem, byte[] bytes) {
    String text = utf8(bytes);
    if (!isRaw(fileSystem)) {
      if (text == null) {
        throw new InvalidPathException("", "this file system cannot hold a name that is not UTF-8");
      }
      return fileSystem.getPath(text);
    }
    if (text != null && isExact(text)) {
      return fileSystem.getPath(text);
    }
    boolean absolute = bytes[0] == '/';
    Path rooted = Path.of(URI.create((absolute ? "file://" : "file:///") + encode(bytes)));
    return absolute ? rooted : rooted.subpath(0, rooted.getNameCount());
  }

  /** Whether the locale's decoding of a name to this text, and its encoding back, lose nothing. */
  private static boolean isExact(String text) {
    boolean ascii = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\uFFFD') {
        return false;
      }
      ascii &= c < 128;
    }
    return ascii ? ASCII_IS_EXACT : UTF_8;
  }

  private static String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static String encode(byte[] bytes) {
    StringBuilder uri = new StringBuilder(3 * bytes.length);
    for (byte b : bytes) {
      if (b == '/') {
        uri.append('/');
      } else {
        uri.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
      }
    }
    return uri.toString();
  }

  private static byte[] decode(String uri) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(uri.length());
    for (int i = 0; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(uri, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }
}
