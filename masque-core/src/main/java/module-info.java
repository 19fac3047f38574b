/** Protocol values and sans-IO codecs of MASQUE proxying, and the SPI between endpoints and transports. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // the modules of the endpoints are compiled later
module dev.masque.core {
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports dev.masque.core;
    exports dev.masque.core.fields;
    exports dev.masque.core.http3 to
            dev.masque.kwik,
            dev.masque.netty;
    exports dev.masque.core.memory;
    exports dev.masque.core.spi;
    exports dev.masque.core.thread to
            dev.masque.client,
            dev.masque.netty,
            dev.masque.server;
    exports dev.masque.core.tls;
    exports dev.masque.core.wire;

    uses dev.masque.core.spi.TransportProvider;
    uses dev.masque.core.spi.NetworkProvider;
}
