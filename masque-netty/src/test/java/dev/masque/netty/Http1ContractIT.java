package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.TransportContract;
import dev.masque.core.spi.TransportProvider;

/** The contract of transports over HTTP/1.1. */
class Http1ContractIT extends TransportContract {
    @Override
    protected TransportProvider provider() {
        return new NettyTransportProvider();
    }

    @Override
    protected HttpVersion version() {
        return HttpVersion.HTTP_1_1;
    }
}
