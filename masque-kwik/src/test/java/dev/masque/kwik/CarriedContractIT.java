package dev.masque.kwik;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.CarriedProvider;
import dev.masque.core.contract.TransportContract;
import dev.masque.core.spi.NetworkProvider;
import dev.masque.core.spi.TransportProvider;
import java.util.ServiceLoader;

/** The contract of transports over HTTP/3, for clients over another network than the system's sockets. */
class CarriedContractIT extends TransportContract {
    @Override
    protected TransportProvider provider() {
        return new KwikTransportProvider();
    }

    @Override
    protected TransportProvider clientProvider() {
        return new CarriedProvider(
                provider(),
                () -> ServiceLoader.load(NetworkProvider.class)
                        .findFirst()
                        .orElseThrow()
                        .createNetwork());
    }

    @Override
    protected HttpVersion version() {
        return HttpVersion.HTTP_3;
    }
}
