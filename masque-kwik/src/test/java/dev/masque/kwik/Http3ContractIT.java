package dev.masque.kwik;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.TransportContract;
import dev.masque.core.spi.TransportProvider;

/** The contract of transports over HTTP/3. */
class Http3ContractIT extends TransportContract {
    @Override
    protected TransportProvider provider() {
        return new KwikTransportProvider();
    }

    @Override
    protected HttpVersion version() {
        return HttpVersion.HTTP_3;
    }
}
