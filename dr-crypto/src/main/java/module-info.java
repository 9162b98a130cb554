/** Seal bytes so that only the key holder can open them, and know if anyone changed them. */
module com.personalaichatbot.dr.crypto {
  requires org.bouncycastle.provider;
}
