package dev.masque.core.memory;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.TransportContract;
import dev.masque.core.spi.TransportProvider;

class MemoryTransportTest extends TransportContract {
    private final MemoryTransportProvider provider = new MemoryTransportProvider();

    @Override
    protected TransportProvider provider() {
        return provider;
    }

    @Override
    protected HttpVersion version() {
        return HttpVersion.HTTP_2;
    }

    @Override
    protected boolean tls() {
        return false;
    }
}
