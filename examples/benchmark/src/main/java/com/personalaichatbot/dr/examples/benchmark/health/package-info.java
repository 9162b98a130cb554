/** What health costs: to read it, to have it, and to validate many conversations. */
package com.personalaichatbot.dr.examples.benchmark.health;
