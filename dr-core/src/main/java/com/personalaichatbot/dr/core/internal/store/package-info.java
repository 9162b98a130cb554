/** Where the client keeps its own files, outside the repository. */
package com.personalaichatbot.dr.core.internal.store;
