package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.CarriedProvider;
import dev.masque.core.contract.TransportContract;
import dev.masque.core.spi.TransportProvider;

/** The contract of transports over HTTP/2, for clients over another network than the system's sockets. */
class CarriedHttp2ContractIT extends TransportContract {
    @Override
    protected TransportProvider provider() {
        return new NettyTransportProvider();
    }

    @Override
    protected TransportProvider clientProvider() {
        return new CarriedProvider(provider(), new NettyNetworkProvider()::createNetwork);
    }

    @Override
    protected HttpVersion version() {
        return HttpVersion.HTTP_2;
    }
}
