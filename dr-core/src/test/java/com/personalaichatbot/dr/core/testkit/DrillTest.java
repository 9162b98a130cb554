package com.personalaichatbot.dr.core.testkit;

import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that holds a drill of the application's own recovery, and fails the build when that takes
 * longer than was promised, or does not prove what was backed up.
 *
 * <pre>{@code
 * @DrillTest(rto = "PT4H")
 * void recovery_ofEverything_keepsItsPromise(Rehearsal rehearsal) throws Exception {
 *   // make data, back it up into a repository
 *   rehearsal.hold(repository, recovery -> recovery.data(directory).validator(application::validate));
 * }
 * }</pre>
 *
 * <p>The test takes a {@link Rehearsal} and holds at least one drill with it, or it fails.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(DrillExtension.class)
public @interface DrillTest {

  /**
   * How long it may take until everything is verified, by the clock of the recovery: an ISO 8601
   * duration such as {@code PT4H}, more than zero.
   *
   * @return the recovery time objective
   */
  String rto();

  /**
   * How much is rehearsed.
   *
   * @return everything, on a bare directory, unless said otherwise
   */
  Drill drill() default Drill.COMPLETE;
}
