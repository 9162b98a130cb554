package com.personalaichatbot.dr.core.testkit;

import java.io.IOException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A fault that was planted in a {@link FaultyStorage} or {@link FaultyFileSystem}.
 *
 * <p>As it is planted it strikes every call of its kind, for ever, with an {@link IOException}; its
 * methods narrow that down and return it. A test asserts at its end that the fault {@link #fired}:
 * one that never struck has shown nothing. Configure it before the calls begin; after that it is
 * safe for use by several threads.
 */
public final class Fault {

  /** An act of another process or thread in the midst of a call. */
  @FunctionalInterface
  public interface Action {

    /**
     * Does it.
     *
     * @throws IOException if it fails; the call then fails with it
     */
    void run() throws IOException;
  }

  private final Object call;
  private Predicate<String> names = name -> true;
  private Supplier<? extends IOException> error;
  private Action meanwhile;
  private boolean afterEffect;
  private boolean once;
  private int toPass;
  private int count;

  Fault(Object call) {
    this.call = call;
    this.error = () -> new IOException("injected fault in " + call);
  }

  /**
   * Strikes only calls about one file, or about files below one directory.
   *
   * @param name the file or directory: a name in a storage, an absolute path in a file system
   * @return this
   */
  public Fault of(String name) {
    return of(candidate -> candidate.equals(name) || candidate.startsWith(name + "/"));
  }

  /**
   * Strikes only calls about certain files.
   *
   * @param chosen says of a name whether it is one of them
   * @return this
   */
  public Fault of(Predicate<String> chosen) {
    names = chosen;
    return this;
  }

  /**
   * Lets some calls pass before it strikes.
   *
   * @param calls how many of those that it would strike
   * @return this
   */
  public Fault after(int calls) {
    toPass = calls;
    return this;
  }

  /**
   * Strikes once and never again.
   *
   * @return this
   */
  public Fault once() {
    once = true;
    return this;
  }

  /**
   * Strikes with this exception.
   *
   * @param exception makes a new one for each call
   * @return this
   */
  public Fault with(Supplier<? extends IOException> exception) {
    error = exception;
    return this;
  }

  /**
   * Lets the call have its whole effect and reports a failure all the same, as a store does whose
   * answer was lost.
   *
   * @return this
   */
  public Fault afterEffect() {
    afterEffect = true;
    return this;
  }

  /**
   * Does something just before the call instead of failing it. The action may call the storage or
   * file system itself; combine it with {@link #once} then.
   *
   * @param action what happens meanwhile
   * @return this
   */
  public Fault meanwhile(Action action) {
    meanwhile = action;
    return this;
  }

  /**
   * Returns whether it has struck.
   *
   * @return true if at least one call was affected
   */
  public boolean fired() {
    return count() > 0;
  }

  /**
   * Returns how often it has struck.
   *
   * @return the number of calls that were affected
   */
  public synchronized int count() {
    return count;
  }

  /** The kind of call that it strikes, and how often it did. */
  @Override
  public String toString() {
    return "fault in " + call + ", struck " + count() + " times";
  }

  /** Says whether it strikes this call, and counts. */
  synchronized boolean strikes(Object kind, String name) {
    if (!call.equals(kind) || !names.test(name) || once && count > 0) {
      return false;
    }
    if (toPass > 0) {
      toPass--;
      return false;
    }
    count++;
    return true;
  }

  /** Does the call in the way that this fault has it. */
  <T> T strike(Operation<T> operation) throws IOException {
    if (meanwhile != null) {
      meanwhile.run();
      return operation.run();
    }
    if (afterEffect) {
      operation.run();
    }
    throw error.get();
  }

  /** The effect of a call when nothing is in its way. */
  @FunctionalInterface
  interface Operation<T> {
    T run() throws IOException;
  }
}
