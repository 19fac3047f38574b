/** The embeddable MASQUE proxy. */
@org.jspecify.annotations.NullMarked
module dev.masque.server {
    requires transitive dev.masque.core;
    requires transitive dev.masque.geohash;
    requires transitive dev.masque.privacypass;
    requires transitive java.net.http;
    requires transitive jdk.httpserver;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports dev.masque.server;
    exports dev.masque.server.access;
    exports dev.masque.server.auth;
    exports dev.masque.server.egress;
    exports dev.masque.server.event;
    exports dev.masque.server.location;

    uses dev.masque.core.spi.TransportProvider;
    uses dev.masque.core.spi.NetworkProvider;
}
