/** The embeddable MASQUE client. */
@org.jspecify.annotations.NullMarked
module dev.masque.client {
    requires transitive dev.masque.core;
    requires transitive dev.masque.geohash;
    requires transitive dev.masque.privacypass;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports dev.masque.client;
    exports dev.masque.client.event;

    uses dev.masque.core.spi.TransportProvider;
}
