/** What a backup notices about the files that it reads anyway. Knows no stage; does no I/O. */
package com.personalaichatbot.dr.core.internal.figures;
