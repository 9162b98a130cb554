/** A pantry that looks after its own data: how an application embeds dr, in under 100 lines. */
module com.personalaichatbot.dr.examples.embedding {
  requires com.personalaichatbot.dr.core;
}
