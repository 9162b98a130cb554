/**
 * From a fault to a working application that was verified: the five scenarios as runbooks that run
 * themselves, with a journal that survives a crash, and with every decision that needs a person put
 * before one. What is measured on the way is the proof that the objectives hold.
 */
package com.personalaichatbot.dr.core.recovery;
