/** Ask the parts of a process and its data how they are, and decide how the whole is. */
module com.personalaichatbot.dr.health {
  requires com.fasterxml.jackson.databind;
  requires org.apache.commons.io;
}
