package dev.masque.core.contract;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.RawKeyClient;
import dev.masque.core.tls.RawKeyServer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Transports whose servers and clients know each other by raw public keys, and by nothing else.
 *
 * @param provider makes the transports
 * @param server how its ports are known
 * @param client how its clients are known
 */
public record RawKeyProvider(TransportProvider provider, RawKeyServer server, RawKeyClient client)
        implements TransportProvider {
    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public Set<HttpVersion> versions() {
        return provider.versions();
    }

    @Override
    public Optional<String> unavailable() {
        return provider.unavailable();
    }

    @Override
    public Optional<String> withoutRawKeys() {
        return provider.withoutRawKeys();
    }

    @Override
    public boolean asksForCertificates() {
        return false;
    }

    @Override
    public Transport create() {
        return new Keyed(provider.create(), server, client);
    }

    private record Keyed(Transport transport, RawKeyServer server, RawKeyClient client) implements Transport {
        @Override
        public CompletionStage<HttpSession> connect(ConnectOptions options, SessionHandler handler) {
            return transport.connect(options.withRawKeys(client), handler);
        }

        @Override
        public CompletionStage<Listening> listen(ListenOptions options, SessionHandler handler) {
            return transport.listen(options.withRawKeys(server), handler);
        }

        @Override
        public void close() {
            transport.close();
        }
    }
}
