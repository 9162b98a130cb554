/**
 * Reading a repository: {@link SnapshotSource} and {@link SnapshotChoice} find the snapshots that a
 * request means, {@link SnapshotTree} and {@link BlobReaders} read them. {@link ListRun},
 * {@link CatRun}, {@link DiffRun} and {@link FiguresRun} show what they find and change nothing.
 */
package com.personalaichatbot.dr.core.internal.read;
