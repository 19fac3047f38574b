/** Oblivious HTTP (RFC 9458) and Binary HTTP (RFC 9292): client, relay and gateway. */
@org.jspecify.annotations.NullMarked
module dev.masque.ohttp {
    requires static transitive org.jspecify;
    requires org.bouncycastle.provider;
    requires org.slf4j;
    requires transitive java.net.http;
    requires transitive jdk.httpserver;

    exports dev.masque.ohttp;
    exports dev.masque.ohttp.bhttp;
    exports dev.masque.ohttp.client;
    exports dev.masque.ohttp.gateway;
    exports dev.masque.ohttp.relay;
}
