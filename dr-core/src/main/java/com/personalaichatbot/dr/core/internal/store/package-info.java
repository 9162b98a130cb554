/** Where the client keeps its own files, outside the repository, and which place lies in which. */
package com.personalaichatbot.dr.core.internal.store;
