/**
 * What every run on a repository shares: {@link Session} is an opened repository, {@link Opening}
 * makes one, {@link Workers} and {@link Pace} run its tasks. The packages below hold one plot each,
 * which reads top to bottom, puts the stages together and is the only place that knows all of them:
 * {@code backup}, {@code restore}, {@code verify}, {@code prune}, {@code copy}, {@code archive}.
 * None of them is known here.
 */
package com.personalaichatbot.dr.core.internal.engine;
