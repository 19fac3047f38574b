/** Privacy Pass (RFC 9576, 9577, 9578): client, attester, issuer and origin. */
@org.jspecify.annotations.NullMarked
module dev.masque.privacypass {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;
    requires org.bouncycastle.provider;
    requires org.slf4j;
    requires transitive java.net.http;
    requires transitive jdk.httpserver;

    exports dev.masque.privacypass;
    exports dev.masque.privacypass.attest;
    exports dev.masque.privacypass.blindrsa;
    exports dev.masque.privacypass.http;
    exports dev.masque.privacypass.voprf;
    exports dev.masque.privacypass.wallet;
}
