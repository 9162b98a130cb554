/**
 * Archives of other tools: takes bytes, gives entries, and back. Knows nothing of repositories. An
 * archive that is read may come from anybody, so nothing that it declares is believed before it is
 * checked. Nothing of it is held in memory but the header of one entry.
 */
package com.personalaichatbot.dr.core.internal.archive;
