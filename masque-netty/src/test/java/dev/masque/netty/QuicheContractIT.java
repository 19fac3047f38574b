package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.TransportContract;
import dev.masque.core.spi.TransportProvider;

/** The contract of transports over HTTP/3 on quiche. */
class QuicheContractIT extends TransportContract {
    @Override
    protected TransportProvider provider() {
        return new QuicheTransportProvider();
    }

    @Override
    protected HttpVersion version() {
        return HttpVersion.HTTP_3;
    }
}
