package dev.masque.core.contract;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.TransportProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * What every transport does, a test for each sentence of the SPI. A transport has a subclass of this for each version of HTTP
 * that it speaks.
 */
@Timeout(120)
public abstract class TransportContract
        implements HeadsContract,
                BytesContract,
                EndsContract,
                DatagramContract,
                SessionContract,
                ConnectContract,
                CertificateContract {
    private Loop loop;

    /**
     * The transport that is tested.
     *
     * @return its provider; all transports it makes reach one another
     */
    protected abstract TransportProvider provider();

    /**
     * The transport that connects, where it is another.
     *
     * @return its provider
     */
    protected TransportProvider clientProvider() {
        return provider();
    }

    /**
     * The version that is tested.
     *
     * @return one that the transport speaks
     */
    protected abstract HttpVersion version();

    /**
     * Whether sessions are secured.
     *
     * @return false in memory only
     */
    protected boolean tls() {
        return true;
    }

    /**
     * Whether servers are known by certificates.
     *
     * @return false in memory, and with raw public keys
     */
    protected boolean certificates() {
        return tls();
    }

    @BeforeEach
    final void prepare() {
        loop = new Loop(provider(), clientProvider(), version());
    }

    @AfterEach
    final void nothingForbiddenHappened() {
        loop.close();
    }

    @Override
    public final Loop loop() {
        return loop;
    }

    @Override
    public final boolean showsCertificates() {
        return certificates();
    }

    @Override
    public final boolean isSecured() {
        return tls();
    }
}
