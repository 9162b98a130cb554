/**
 * Stage 1: takes a component, gives its entries, each with its raw name, attributes and, for a
 * file, its bytes.
 *
 * <p>{@link com.personalaichatbot.dr.core.internal.scan.SourceScan} is the door. Beside it, for
 * whoever puts names back: {@link com.personalaichatbot.dr.core.internal.scan.NativeNames},
 * {@link com.personalaichatbot.dr.core.internal.scan.FileStat},
 * {@link com.personalaichatbot.dr.core.internal.scan.Glob} and
 * {@link com.personalaichatbot.dr.core.internal.scan.Nesting}.
 */
package com.personalaichatbot.dr.core.internal.scan;
