/** The built-in runbooks of the five scenarios and of the drills, and the code of their steps. */
package com.personalaichatbot.dr.core.internal.recovery.scenario;
