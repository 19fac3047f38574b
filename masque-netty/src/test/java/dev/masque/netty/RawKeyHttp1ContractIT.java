package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.contract.TransportContract;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.RawKey;

/** The contract of transports over HTTP/1.1 between peers that know each other by raw public keys. */
class RawKeyHttp1ContractIT extends TransportContract {
    private static final RawKey SERVER = RawKeys.p256();
    private static final RawKey CLIENT = RawKeys.ed25519();

    @Override
    protected TransportProvider provider() {
        return RawKeys.mutual(SERVER, CLIENT);
    }

    @Override
    protected HttpVersion version() {
        return HttpVersion.HTTP_1_1;
    }

    @Override
    protected boolean certificates() {
        return false;
    }
}
