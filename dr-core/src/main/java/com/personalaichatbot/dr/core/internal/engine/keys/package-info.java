/** KEYS: adds, changes and removes the key slots of a repository. {@link KeysRun} is the plot. */
package com.personalaichatbot.dr.core.internal.engine.keys;
