/**
 * Seals bytes so that only the key holder can open them, and knows if anyone changed them.
 *
 * <p>Bulk work goes through the JDK's own cryptography; Bouncy Castle's lightweight API gives
 * Argon2id alone and is never registered as a provider. The module logs nothing and touches no
 * file.
 */
module com.personalaichatbot.dr.crypto {
  requires org.bouncycastle.provider;

  exports com.personalaichatbot.dr.crypto;
}
