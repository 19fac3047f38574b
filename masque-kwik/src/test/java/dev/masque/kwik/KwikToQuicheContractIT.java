package dev.masque.kwik;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.TransportContract;
import dev.masque.core.spi.TransportProvider;
import dev.masque.netty.QuicheTransportProvider;

/** The contract between a client on kwik and a server on quiche. */
class KwikToQuicheContractIT extends TransportContract {
    @Override
    protected TransportProvider provider() {
        return new QuicheTransportProvider();
    }

    @Override
    protected TransportProvider clientProvider() {
        return new KwikTransportProvider();
    }

    @Override
    protected HttpVersion version() {
        return HttpVersion.HTTP_3;
    }
}
