/** JSON that may be hostile: read within bounds, and written. */
package com.personalaichatbot.dr.health.internal.json;
