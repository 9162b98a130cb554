/** The courtesy lock, which saves work and never decides about safety. */
package com.personalaichatbot.dr.core.internal.lock;
