/**
 * VERIFY: is what is stored still what was stored? {@link VerifyRun} is the plot: {@code Inventory}
 * looks at every file, {@code PackCheck} reads packs, {@code Reachability} walks the trees.
 */
package com.personalaichatbot.dr.core.internal.engine.verify;
