/** Knows what a secret looks like: finds it, blackens it, names it without showing it. */
package com.personalaichatbot.dr.health.internal.secret;
