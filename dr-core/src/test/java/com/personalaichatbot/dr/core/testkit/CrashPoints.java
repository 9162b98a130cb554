package com.personalaichatbot.dr.core.testkit;

import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Every moment at which the power can fail during an action.
 *
 * <p>The action is done again and again on a fresh {@link MemoryStorage}: first with the power
 * failing before its first call that changes the storage, then before its second, and so on until
 * it comes to its end. From the failure on no call has any effect, and all throw {@link PowerCut}.
 * Each time what the disk may have kept is handed to a check: nothing that was not synced, all of
 * it, and three arbitrary parts of it; the file that was being written is torn in the last four.
 *
 * <pre>{@code
 * CrashPoints.of(storage -> backUp(storage, secondState))
 *     .startingFrom(afterFirstBackup)
 *     .check((survivor, point) -> {
 *       assertThat(snapshots(survivor)).contains(first);
 *       if (point.acknowledged()) {
 *         assertThat(snapshots(survivor)).contains(second);
 *       }
 *     });
 * }</pre>
 *
 * <p>The action should do the same each time: no other threads unless it waits for them, and no
 * clock. Not safe for use by several threads.
 */
public final class CrashPoints {

  private static final int ARBITRARY_LOSSES = 3;

  private final Action action;
  private MemoryStorage start = new MemoryStorage();

  /** Something that is done to a storage. */
  @FunctionalInterface
  public interface Action {

    /**
     * Does it. What it throws after the power cut is expected; what it throws without one ends the
     * enumeration.
     *
     * @param storage the storage; closing it is left to the action
     * @throws Exception if it fails
     */
    void run(Storage storage) throws Exception;
  }

  /** The condition that must hold of the storage that is left. */
  @FunctionalInterface
  public interface Check {

    /**
     * Checks it. What it throws ends the enumeration, with the point in the message.
     *
     * @param survivor what the disk kept, open and unlocked; it may be changed
     * @param point when the power failed and what was lost
     * @throws Exception if something does not hold
     */
    void check(MemoryStorage survivor, Point point) throws Exception;
  }

  /**
   * One end of the action.
   *
   * @param calls how many calls that change the storage had their effect
   * @param before the call that the power cut came before, such as {@code COMMIT catalog/1}, or
   *     {@code end}
   * @param loss what was lost of all that was not synced
   * @param acknowledged whether the action returned normally, so that its effect must be there
   */
  public record Point(int calls, String before, String loss, boolean acknowledged) {

    @Override
    public String toString() {
      return "power cut after " + calls + " calls, before " + before + ", " + loss;
    }
  }

  /** The failure of every call after the power has failed. */
  public static final class PowerCut extends IOException {

    private static final long serialVersionUID = 1;

    PowerCut(String call) {
      super("power cut before " + call);
    }
  }

  private CrashPoints(Action action) {
    this.action = action;
  }

  /**
   * Takes the action. It begins with an empty storage.
   *
   * @param action what the power cuts interrupt
   * @return the crash points of the action
   */
  public static CrashPoints of(Action action) {
    return new CrashPoints(action);
  }

  /**
   * Begins with a copy of a storage, in which everything counts as synced.
   *
   * @param prepared the storage; it is not changed
   * @return this
   */
  public CrashPoints startingFrom(MemoryStorage prepared) {
    start = prepared;
    return this;
  }

  /**
   * Does the action with a power cut at each of its points, and checks what is left.
   *
   * @param check what must hold after each
   * @return how many survivors were checked
   * @throws AssertionError if the check fails or the action fails without a power cut; the message
   *     names the point
   */
  public int check(Check check) {
    int checked = 0;
    for (int calls = 0; ; calls++) {
      MemoryStorage disk = start.crash(name -> true);
      Mains mains = new Mains(disk, calls);
      boolean acknowledged = run(mains);
      String before = mains.cutBefore == null ? "end" : mains.cutBefore;
      long seed = 31L * calls;
      checked += check(check, disk.crash(), new Point(calls, before, "lost", acknowledged));
      checked += check(
          check, disk.crash(name -> true), new Point(calls, before, "all kept", acknowledged));
      for (int i = 0; i < ARBITRARY_LOSSES; i++, seed++) {
        Random random = new Random(seed);
        Predicate<String> reached = name -> random.nextBoolean();
        Point point = new Point(calls, before, "part kept, seed " + seed, acknowledged);
        checked += check(check, disk.crash(reached), point);
      }
      if (mains.cutBefore == null) {
        return checked;
      }
    }
  }

  private boolean run(Mains mains) {
    try {
      action.run(mains);
      return true;
    } catch (Exception e) {
      if (mains.cutBefore == null) {
        throw new AssertionError("the action failed although the power did not", e);
      }
      return false;
    }
  }

  private static int check(Check check, MemoryStorage survivor, Point point) {
    try {
      check.check(survivor, point);
      return 1;
    } catch (Exception | AssertionError e) {
      throw new AssertionError(point + ": " + e.getMessage(), e);
    }
  }

  /** A storage whose power fails before one of the calls that change what is on the disk. */
  private static final class Mains extends InterceptedStorage {

    /** Writing to a temporary file changes nothing that a survivor shows but how it is torn. */
    private static final List<StorageCall> CHANGING =
        List.of(StorageCall.CREATE, StorageCall.COMMIT, StorageCall.SYNC, StorageCall.DELETE);

    private int callsLeft;
    private volatile String cutBefore;

    Mains(Storage storage, int callsLeft) {
      super(storage);
      this.callsLeft = callsLeft;
    }

    @Override
    synchronized <T> T call(StorageCall call, String name, Fault.Operation<T> operation)
        throws IOException {
      String text = (call + " " + name).strip();
      if (cutBefore == null && CHANGING.contains(call) && callsLeft-- == 0) {
        cutBefore = text;
      }
      if (cutBefore != null) {
        throw new PowerCut(text);
      }
      return operation.run();
    }
  }
}
